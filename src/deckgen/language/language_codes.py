"""The codes of languages with two letters, from ISO 639-1, and the language that an author may have meant."""

from __future__ import annotations

from deckgen.core.diagnostics import nearest

_TABLE = """
aa Afar; ab Abkhazian; ae Avestan; af Afrikaans; ak Akan; am Amharic; an Aragonese; ar Arabic; as Assamese;
av Avaric; ay Aymara; az Azerbaijani; ba Bashkir; be Belarusian, by; bg Bulgarian; bi Bislama; bm Bambara;
bn Bengali, Bangla; bo Tibetan; br Breton; bs Bosnian; ca Catalan, Català; ce Chechen; ch Chamorro; co Corsican;
cr Cree; cs Czech, Čeština, cz; cu Church Slavonic; cv Chuvash; cy Welsh, Cymraeg; da Danish, Dansk, dk;
de German, Deutsch, ger; dv Divehi; dz Dzongkha; ee Ewe; el Greek, gr; en English, gb, us; eo Esperanto;
es Spanish, Español, Castellano, sp; et Estonian, Eesti; eu Basque, Euskara; fa Persian, Farsi, ir; ff Fulah;
fi Finnish, Suomi; fj Fijian; fo Faroese; fr French, Français; fy Frisian; ga Irish, Gaeilge; gd Scottish Gaelic;
gl Galician, Galego; gn Guarani; gu Gujarati; gv Manx; ha Hausa; he Hebrew, il; hi Hindi; ho Hiri Motu;
hr Croatian, Hrvatski; ht Haitian Creole; hu Hungarian, Magyar; hy Armenian; hz Herero; ia Interlingua;
id Indonesian, Bahasa; ie Interlingue; ig Igbo; ii Sichuan Yi; ik Inupiaq; io Ido; is Icelandic, Íslenska;
it Italian, Italiano; iu Inuktitut; ja Japanese, Nihongo, jp; jv Javanese; ka Georgian; kg Kongo; ki Kikuyu;
kj Kwanyama; kk Kazakh, kz; kl Greenlandic; km Khmer, Cambodian; kn Kannada; ko Korean; kr Kanuri; ks Kashmiri;
ku Kurdish; kv Komi; kw Cornish; ky Kirghiz; la Latin, Latina; lb Luxembourgish; lg Ganda; li Limburgish;
ln Lingala; lo Lao; lt Lithuanian, Lietuvių; lu Luba-Katanga; lv Latvian, Latviešu; mg Malagasy; mh Marshallese;
mi Maori; mk Macedonian; ml Malayalam; mn Mongolian; mr Marathi; ms Malay; mt Maltese; my Burmese; na Nauru;
nb Norwegian Bokmål, Bokmål; nd North Ndebele; ne Nepali; ng Ndonga; nl Dutch, Nederlands;
nn Norwegian Nynorsk, Nynorsk; no Norwegian, Norsk; nr South Ndebele; nv Navajo; ny Chichewa; oc Occitan; oj Ojibwa;
om Oromo; or Odia; os Ossetian; pa Punjabi; pi Pali; pl Polish, Polski; ps Pashto;
pt Portuguese, Português, Brazilian; qu Quechua; rm Romansh; rn Rundi; ro Romanian, Română, Moldovan; ru Russian;
rw Kinyarwanda; sa Sanskrit; sc Sardinian; sd Sindhi; se Northern Sami; sg Sango; si Sinhala; sk Slovak, Slovenčina;
sl Slovenian, Slovenščina; sm Samoan; sn Shona; so Somali; sq Albanian, Shqip; sr Serbian, Srpski; ss Swati;
st Sotho; su Sundanese; sv Swedish, Svenska; sw Swahili; ta Tamil; te Telugu; tg Tajik; th Thai; ti Tigrinya;
tk Turkmen; tl Tagalog, Filipino; tn Tswana; to Tonga; tr Turkish, Türkçe; ts Tsonga; tt Tatar; tw Twi; ty Tahitian;
ug Uyghur; uk Ukrainian, ua; ur Urdu; uz Uzbek; ve Venda; vi Vietnamese, vn; vo Volapük; wa Walloon; wo Wolof;
xh Xhosa; yi Yiddish; yo Yoruba; za Zhuang; zh Chinese, Mandarin, Cantonese, cn; zu Zulu
"""

_NAMES = {row[:2]: row[3:].split(", ") for row in " ".join(_TABLE.split()).split("; ")}
"""The English name of each language by its code, then other words that authors may write for it."""

CODES = tuple(_NAMES)

PATTERN = f"(?:{'|'.join(CODES)}|[a-z]{{3}})"
"""A language by its code; the 7,000 codes of three letters are not checked."""


def likely_codes(text: str) -> list[str]:
    """The codes of the languages that an author may have meant by a word; none if no language is similar."""
    word = text.strip().lower()
    words = {name.lower(): code for code, names in _NAMES.items() for name in names}
    if word in words:
        return [words[word]]
    begin = [code for code, names in _NAMES.items() if word and names[0].lower().startswith(word)]
    near = nearest(word, words)
    return begin if 0 < len(begin) <= 3 else [words[near]] if near else []


def code_and_name(code: str) -> str:
    """``de (German)``."""
    return f"{code} ({_NAMES[code][0]})"
