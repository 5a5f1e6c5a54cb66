"""The preview in a real browser, as contributors and reviewers use it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import genanki
import pytest

import sample
from author import CARDS, of

REPOSITORY = Path(__file__).parent.parent.parent
OTHER = "faq: [{id: apart, domain: others, question: What is apart?, answer: 'This, x < y'}]\n"
WARNED = "faq: [{id: warned, domain: others, question: Is it warned?, answer: By a rule}]\n"

DOT = """\
faq: [{id: dot, domain: others, question: "![a dot](media/dot.png) What sign is it?", answer: A dot}]
"""
HALVES = """\
pictures:
  - id: halves
    domain: others
    picture: media/halves.svg
    title: Two halves
    regions:
      - {id: left, name: Left half, rect: [0, 0, 0.5, 1]}
      - {id: right, name: Right half, rect: [0.5, 0, 0.5, 1]}
"""
BACK = """one => {
    const root = one.querySelector('.side').shadowRoot;
    return (root.querySelector('section .answer') ?? root.querySelector('.answer')).textContent.trim();
}"""
MASK = """one => {
    const side = one.querySelector('.side').shadowRoot;
    const inSight = all => [...all].map(one => one.getBoundingClientRect()).filter(box => box.width);
    const [picture] = inSight(side.querySelectorAll('.stage img'));
    return inSight(side.querySelectorAll('.mask polygon')).map(
        mask => [mask.left, mask.right].map(edge => (edge - picture.left) / picture.width));
}"""
TEXT = "one => (one.shadowRoot ?? one.contentDocument.body).textContent"
FOLDERS = [
    "javascript:window.ran=true;",
    "data:text,x",
    "a#b",
    "a?b",
    "a%2fb",
    "a b",
    'a"b',
    "a'b",
    "a&b",
    "<img src=x onerror=ran=true>",
    "é",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in git, whose cards are committed with the tag ``v1``."""
    files = {
        "deckgen.yaml": sample.PROJECT + sample.without("domain-orphan", "source-missing", "conflict"),
        "demo/cards.yaml": CARDS,
        "other/deck.yaml": "title: Other",
        "other/x.yaml": OTHER,
        "other/media/dot.png": sample.png(),
        "other/dot.yaml": DOT,
        "other/warned.yaml": WARNED,
    }
    sample.write(tmp_path, files)
    for command in ("init -q", "add .", "-c user.name=A -c user.email=a@example.org commit -qm All", "tag v1"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    return tmp_path


@contextmanager
def preview(folder: Path, *options: str) -> Iterator[str]:
    """A running preview and its URL."""
    command = [sys.executable, "-m", "deckgen", "preview", *options]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.match(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert found
        yield found[0]
    finally:
        process.terminate()
        process.wait()


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """A folder on a web host, and its URL."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that fails the test if it requests anything elsewhere or logs an error."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if _is_remote(request.url) else None)
    yield page
    page.close()
    assert [one for one in complaints if "ERR_CONNECTION_REFUSED" not in one] == []


def _is_remote(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "data:", "file:"))


def ids(page: Any) -> list[str]:
    return page.eval_on_selector_all(".box", "all => all.map(one => one.dataset.id)")


def answer(page: Any, id: str) -> str:
    """The text in the place of the answer, on the side that is shown."""
    return page.eval_on_selector(f'.box[data-id="{id}"]', BACK)


def await_edition(page: Any, number: int) -> None:
    """Wait until the page shows the edition with a number, counted from when the preview was started."""
    page.wait_for_function(f"() => document.documentElement.dataset.edition?.endsWith('.{number}')")


@pytest.fixture
def opened(page: Any, project: Path) -> Iterator[Any]:
    with preview(project) as address:
        page.goto(address)
        yield page


def test_every_card_is_shown_and_turns_by_click_and_by_space(opened):
    assert len(ids(opened)) == 21
    assert answer(opened, "faq/first#1") == "?"

    opened.click('.box[data-id="faq/first#1"] .row')
    assert answer(opened, "faq/first#1") == "It is the first"
    opened.keyboard.press("Space")
    assert answer(opened, "faq/first#1") == "?"


def test_the_cards_of_a_note_are_counted_from_one(opened):
    headings = opened.eval_on_selector_all(".box h2", "all => all.map(one => one.textContent)")
    notes = [id.partition("#")[0] for id in ids(opened)]

    assert headings == [f"{note} · card {notes[:at].count(note) + 1}" for at, note in enumerate(notes)]


def test_the_keyboard_goes_from_card_to_card(opened):
    for key in ("ArrowRight", "j", "ArrowLeft", "j"):
        opened.keyboard.press(key)

    assert opened.get_attribute(".box.current", "data-id") == ids(opened)[2]
    opened.keyboard.press("Space")
    assert answer(opened, ids(opened)[2]) != "?"


def test_both_sides_can_be_shown_side_by_side(opened):
    opened.keyboard.press("b")

    assert opened.locator('.box[data-id="faq/first#1"] .side').count() == 2
    opened.click("#both")
    assert opened.locator('.box[data-id="faq/first#1"] .side').count() == 1


@pytest.mark.parametrize(
    ("select", "value", "expected"),
    [
        ("#deck", "other", {"faq/apart#1", "faq/dot#1", "faq/warned#1"}),
        ("#domain", "others", {"faq/apart#1", "faq/dot#1", "faq/warned#1"}),
        ("#kind", "resource", {"resource/who#1", "resource/who#2"}),
        ("#state", "warnings", {"faq/warned#1"}),
    ],
)
def test_cards_are_filtered(opened, select, value, expected):
    opened.select_option(select, value)

    assert expected <= set(ids(opened))
    assert len(ids(opened)) < 12
    assert f"{len(ids(opened))} of 21 cards" in opened.inner_text("#count")
    opened.reload()  # the URL keeps the filters
    assert expected <= set(ids(opened))


def test_the_search_finds_words_ids_and_tags(opened):
    for words, expected in (("x < y", ["faq/apart#1"]), ("pour WATER", None), ("faq/third", None), ("no such", [])):
        opened.fill("#search", words)
        found = ids(opened)
        assert found == expected if expected is not None else 0 < len(found) < 12
    assert opened.is_visible("#none")

    opened.click("#clear")
    assert len(ids(opened)) == 21


def test_a_letter_typed_into_the_search_is_not_a_shortcut(opened):
    opened.keyboard.press("/")
    opened.keyboard.type("b w")

    assert opened.input_value("#search") == "b w"
    assert opened.get_attribute("#both", "aria-pressed") == "false"


def test_the_theme_follows_the_system_or_a_choice(opened):
    night = "one => one.querySelector('.side').shadowRoot.firstElementChild.className.includes('nightMode')"
    shown = lambda: opened.eval_on_selector(".box", night)  # noqa: E731

    assert not shown()
    opened.emulate_media(color_scheme="dark")
    opened.wait_for_function("() => document.documentElement.classList.contains('dark')")
    assert shown()
    opened.keyboard.press("t")  # light
    assert not shown()
    opened.reload()
    assert not shown()
    opened.keyboard.press("t")
    assert shown()


def test_nothing_scrolls_sideways_on_a_phone(opened):
    opened.set_viewport_size({"width": 360, "height": 740})

    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    opened.keyboard.press("b")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


def test_cards_are_shown_at_the_width_of_a_phone(opened):
    wide = opened.eval_on_selector(".box", "one => one.offsetWidth")
    opened.keyboard.press("w")

    assert wide > 400
    assert opened.eval_on_selector(".box", "one => one.offsetWidth") == 360


def test_the_button_builds_the_deck_that_is_chosen_and_opens_it(page, project, monkeypatch):
    """Here with programs that stand for Anki and for the desktop."""
    for name in ("anki", "xdg-open"):
        program = project / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with preview(project) as address:
        page.goto(address)
        page.select_option("#deck", "demo")
        page.click("#open")
        page.wait_for_function("() => document.getElementById('opened').textContent.startsWith('Opened in Anki')")

        assert page.text_content("#opened") == "Opened in Anki: demo.apkg"
        assert (project / "build/demo.apkg").exists()
        assert not (project / "build/other.apkg").exists()


def test_pictures_and_warnings_are_shown(opened):
    opened.wait_for_function(
        """() => [...document.querySelectorAll('.side')].some(
            one => one.shadowRoot.querySelector('img')?.naturalWidth === 2)"""
    )

    assert opened.inner_text('.box[data-id="faq/warned#1"] .found').startswith("warning: ")
    assert "[yes-no]" in opened.inner_text('.box[data-id="faq/warned#1"] .found')


def test_a_link_opens_the_source_in_the_editor(page, project):
    with preview(project, "--editor", "x://{path}?{line}:{column}") as address:
        page.goto(address)
        link = page.get_attribute('.box[data-id="faq/apart#1"] a.where', "href")

    assert link == f"x://{(project / 'decks/other/x.yaml').resolve().as_posix().lstrip('/')}?1:7"


def test_a_saved_change_is_shown_without_losing_ones_place(page, project):
    source = project / "decks/other/x.yaml"
    with preview(project, "--watch") as address:
        page.goto(address)
        page.fill("#search", "apart")
        page.keyboard.press("Escape")
        page.select_option("#deck", "other")
        page.click('.box[data-id="faq/apart#1"] .row')
        source.write_text(OTHER.replace("x < y", "x > y"))
        await_edition(page, 1)

        assert answer(page, "faq/apart#1") == "This, x > y"  # still turned, still filtered
        assert len(ids(page)) == 3


def test_only_the_changed_card_is_sent(page, project):
    requests: list[Any] = []
    page.on("response", lambda response: requests.append(response) if "cards.json" in response.url else None)
    with preview(project, "--watch") as address:
        page.goto(address)
        (project / "decks/other/x.yaml").write_text(OTHER.replace("x < y", "x > y"))
        await_edition(page, 1)

        assert [[note["id"] for note in response.json()["notes"]] for response in requests] == [["faq/apart"]]
        assert len(ids(page)) == 21


def test_entries_that_are_added_moved_and_deleted_change_on_the_page(page, project):
    source = project / "decks/other/warned.yaml"
    more = WARNED.replace("]", ", {id: more, domain: others, question: What is more?, answer: That}]")
    swapped = "faq: [{id: more, domain: others, question: What is more?, answer: That}, " + WARNED[6:]
    with preview(project, "--watch") as address:
        page.goto(f"{address}?deck=other")
        expected = (["warned", "more"], ["more", "warned"], ["warned"])
        for number, (text, names) in enumerate(zip((more, swapped, WARNED), expected, strict=True), 1):
            source.write_text(text)
            await_edition(page, number)

            assert ids(page) == ["faq/dot#1", *(f"faq/{name}#1" for name in names), "faq/apart#1"]


def test_a_page_catches_up_when_the_preview_is_started_again(page, project):
    source = project / "decks/other/x.yaml"
    with preview(project, "--watch") as address:
        page.goto(f"{address}?search=apart")
        page.click('.box[data-id="faq/apart#1"] .row')
        page.wait_for_load_state("load")
    page.wait_for_selector("#lost")
    source.write_text(OTHER.replace("x < y", "x > y"))
    (project / "decks/other/warned.yaml").unlink()
    with preview(project, "--watch", "--port", address.rstrip("/").rpartition(":")[2]):
        await_edition(page, 0)

        assert page.locator("#lost").count() == 0
        assert answer(page, "faq/apart#1") == "This, x > y"
        assert page.inner_text("#count").startswith("1 of 20 cards")


def test_a_change_while_the_page_is_offline_is_shown_afterwards(page, project):
    with preview(project, "--watch") as address:
        page.route("**/cards.json*", lambda route: route.abort("connectionrefused"))
        page.goto(address)
        with page.expect_event("requestfailed"):
            (project / "decks/other/x.yaml").write_text(OTHER.replace("x < y", "x > y"))
        page.unroute("**/cards.json*")
        (project / "decks/other/warned.yaml").write_text(WARNED.replace("By a rule", "By two rules"))
        await_edition(page, 2)
        for id in ("faq/apart#1", "faq/warned#1"):
            page.click(f'.box[data-id="{id}"] .row')

        assert answer(page, "faq/apart#1") == "This, x > y"
        assert answer(page, "faq/warned#1") == "By two rules"


def test_an_error_is_shown_with_its_file_and_line_until_it_is_fixed(page, project):
    source = project / "decks/other/x.yaml"
    with preview(project, "--watch") as address:
        page.goto(address)
        assert page.is_hidden("#problems")
        for number, text in enumerate((OTHER.replace("answer", "anser"), "faq: [", OTHER), 1):
            source.write_text(text)
            await_edition(page, number)
            if text is OTHER:
                break
            assert "decks/other/x.yaml:1:" in page.inner_text("#problems")
            assert page.is_visible("#problems")
            assert "faq/apart#1" in ids(page)
        assert page.is_hidden("#problems")


def test_an_error_has_its_message_and_a_link_to_the_source(page, project):
    (project / "decks/other/x.yaml").write_text(OTHER.replace("answer", "anser"))
    with preview(project) as address:
        page.goto(address)

        said = page.inner_text("#problems")
        assert "1 error" in said
        assert "'anser' is not a key of faq; did you mean 'answer'?" in said
        assert page.get_attribute("#problems a", "href").endswith("decks/other/x.yaml:1:61")
        assert len(ids(page)) == 20


def test_changes_since_a_commit_are_shown_side_by_side(page, project):
    (project / "decks/other/x.yaml").write_text(
        OTHER.replace("x < y", "x > y").replace(
            "[{", "[{id: more, domain: others, question: What is more?, answer: It}, {"
        )
    )
    (project / "decks/other/dot.yaml").unlink()
    with preview(project, "--since", "v1") as address:
        page.goto(address)

        states = page.eval_on_selector_all(
            ".box", "all => all.map(one => one.dataset.id + one.querySelector('.state').textContent)"
        )
        assert states == ["faq/more#1new", "faq/apart#1changed", "faq/dot#1removed"]
        assert page.locator('.box[data-id="faq/apart#1"] .row').count() == 2
        page.keyboard.press("b")
        page.wait_for_function("() => document.querySelector('iframe.side')?.contentDocument.querySelector('.card')")
        sides = page.locator('.box[data-id="faq/apart#1"] .side')
        texts = [sides.nth(number).evaluate(TEXT) for number in range(4)]
        assert "x < y" in texts[1]
        assert "x > y" in texts[3]
        page.select_option("#state", "")
        assert "faq/first#1" in ids(page)


def test_changes_since_a_package_are_shown(page, project):
    subprocess.run([sys.executable, "-m", "deckgen", "build", "-q"], cwd=project, check=True)
    cards = project / "decks/demo/cards.yaml"
    cards.write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))
    with preview(project, "--since", "build/demo.apkg") as address:
        page.goto(address)
        page.select_option("#state", "changed")

        assert ids(page)
        assert all(id.startswith("procedure/tea/steps#") for id in ids(page))


def test_the_page_says_when_the_preview_has_ended(page, project):
    with preview(project, "--watch") as address:
        page.goto(address)
        page.wait_for_load_state("load")
        assert page.locator("#lost").count() == 0
    page.wait_for_selector("#lost")


def test_axe_finds_no_violation(page, project):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    source = axe.Axe().axe_script.replace("\ufeff", "")
    (project / "decks/other/x.yaml").write_text(OTHER.replace("x < y", "x > y"))
    (project / "decks/other/dot.yaml").write_text("faq: [")
    found = []
    with preview(project, "--since", "v1") as address:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for state in ("", "touched"):
                page.goto(f"{address}?state={state}")
                page.keyboard.press("b")
                found += _violations(page, source)
            page.keyboard.press("?")
            found += _violations(page, source)
            page.goto(f"{address}draw")
            page.set_input_files("#file", project / "decks/other/media/dot.png")
            page.click("#add")
            found += _violations(page, source)

    assert found == []


def _violations(page: Any, source: str) -> list[str]:
    page.evaluate(source)
    return page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")


def test_static_pages_show_the_cards_and_offer_the_packages(page, project):
    subprocess.run([sys.executable, "-m", "deckgen", "build", "-q"], cwd=project, check=True)
    command = [sys.executable, "-m", "deckgen", "preview", "--static", "site", "--since", "v1"]
    subprocess.run(command, cwd=project, check=True)
    site = project / "site"
    page.goto((site / "index.html").as_uri())

    assert page.inner_text("h1") == "Sample"
    assert {link.get_attribute("href") for link in page.locator("a[download]").all()} == {"demo.apkg", "other.apkg"}
    assert "3 notes, 3 cards" in page.inner_text("#other")
    page.click('#other .bars a >> text="Other things"')
    page.wait_for_selector(".box")
    assert {id.partition("#")[0] for id in ids(page)} == {"faq/apart", "faq/dot", "faq/warned"}
    page.wait_for_function(
        "() => [...document.querySelectorAll('.side')].some(one => one.shadowRoot.querySelector('img')?.naturalWidth)"
    )
    for name in ("demo.apkg", "other.apkg"):
        assert (site / name).read_bytes() == (project / "build" / name).read_bytes()


@pytest.fixture
def visited(browser: Any) -> Iterator[Any]:
    """A page that may request anything and log errors."""
    page = browser.new_page(accept_downloads=True)
    yield page
    page.close()


def static_pages(project: Path, *options: str) -> Path:
    for command in (["build", "-q"], ["preview", "--static", "site", *options]):
        subprocess.run([sys.executable, "-m", "deckgen", *command], cwd=project, check=True, capture_output=True)
    return project / "site"


def test_a_deck_with_any_name_can_be_downloaded_from_the_static_page(visited, tmp_path):
    files: dict[str, str | bytes] = {}
    for number, name in enumerate(FOLDERS):
        card = f"{{id: n{number}, domain: basics, question: Q?, answer: A}}"
        files |= {f"{name}/deck.yaml": f"title: Demo {number}\n", f"{name}/cards.yaml": f"faq: [{card}]\n"}
    own = {name: sample.BASE[name] for name in ("deckgen.yaml", "sources.yaml")}
    site = static_pages(sample.write(tmp_path, own | files, base=False).parent)
    downloaded = {}
    with hosted(site) as address:
        for number in range(len(FOLDERS)):
            visited.goto(address)
            with visited.expect_download() as waiting:
                visited.locator("a[download]").nth(number).click()
            downloaded[waiting.value.url] = waiting.value.path().read_bytes()

    made = [(site / f"{name}.apkg").read_bytes() for name in FOLDERS]
    assert sorted(downloaded.values()) == sorted(made)
    assert visited.evaluate("window.ran") is None


def test_static_pages_run_only_their_own_scripts(visited, project):
    site = static_pages(project)
    for name in ("index.html", "cards.html"):
        text = (site / name).read_text()
        (site / name).write_text(
            text.replace("</body>", "<script>ran = 1</script><img src=x onerror='ran = 2'></body>")
        )
        with hosted(site) as address:
            visited.goto(address + name)
            visited.wait_for_load_state("networkidle")

            assert visited.evaluate("window.ran") is None, name


class Trap(ThreadingHTTPServer):
    """Another host, which counts connections to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SimpleHTTPRequestHandler)
        self.connections = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap() as server:
        yield server
        server.shutdown()


def hostile_package(path: Path, elsewhere: str, picture: bytes = b"") -> Path:
    """A package whose cards try to run scripts, to leave the page and to request files elsewhere; they may also show a
    picture of the package."""
    html = """
        <script>top.ran = 1</script><script src="HERE"></script><img src="data:," onerror="top.ran = 2">
        <svg onload="top.ran = 3"><image href="HERE"/></svg><input autofocus onfocus="top.ran = 4">
        <iframe srcdoc="<script>top.ran = 5</script>"></iframe><iframe src="HERE"></iframe>
        <a href="javascript:top.ran = 6">a link</a><a href="HERE" target="_top">another</a>
        <img src="HERE"><img srcset="HERE 1x"><audio src="HERE" autoplay></audio>
        <video src="HERE" autoplay poster="HERE"></video><object data="HERE"></object><embed src="HERE">
        <link rel="stylesheet" href="HERE"><link rel="preconnect" href="HERE"><link rel="prefetch" href="HERE">
        <template shadowrootmode="open"><link rel="preconnect" href="HERE"></template>
        <style>@import "HERE"; p { background: url(HERE) }</style><p style="background: url(HERE)">x</p>
        <meta http-equiv="refresh" content="0; url=HERE"><base href="HERE"><form action="HERE"><button>x</button></form>
    """.replace("HERE", elsewhere)
    html += '<img id="own" src="dot.png">' if picture else ""
    css = f"@import '{elsewhere}css'; .card {{ background: url({elsewhere}card); position: fixed; inset: 0; }}"
    model = genanki.Model(
        1607392319,
        "Hostile",
        [{"name": "Id"}, {"name": "Text"}],
        [{"name": "Card", "qfmt": "{{Text}}", "afmt": "{{Text}}<hr>back"}],
        css=css,
    )
    deck = genanki.Deck(2059400110, "Hostile")
    for guid in (of("faq/first"), "gone"):
        deck.add_note(genanki.Note(model, ["<img src=x onerror='top.ran = 7'>", html], guid=guid))
    package = genanki.Package(deck)
    if picture:
        (path.parent / "dot.png").write_bytes(picture)
        package.media_files = [str(path.parent / "dot.png")]
    package.write_to_file(path)
    return path


@pytest.mark.parametrize("served", [False, True], ids=["static", "served"])
def test_a_hostile_package_is_shown_but_runs_and_requests_nothing(visited, project, trap, served):
    package = hostile_package(project / "hostile.apkg", trap.url)
    with (
        preview(project, "--since", package.name)
        if served
        else hosted(static_pages(project, "--since", package.name)) as address
    ):
        visited.goto(f"{address}{'' if served else 'cards.html'}?state=touched&search=a+link")
        visited.keyboard.press("b")
        visited.wait_for_function(
            """() => { const all = [...document.querySelectorAll("iframe.side")];
                return all.length === 4 && all.every((one) => one.contentDocument?.querySelector("a")); }"""
        )
        visited.wait_for_load_state("networkidle")
        visited.evaluate("""() => { for (const one of document.querySelectorAll("iframe.side"))
            for (const link of one.contentDocument.querySelectorAll("a")) link.click(); }""")
        visited.wait_for_load_state("networkidle")

        assert visited.evaluate("window.ran") is None
        assert visited.url.startswith(address)
        assert visited.locator("iframe.side").first.bounding_box()["height"] > 20
    assert trap.connections == 0


def test_an_adopted_deck_is_shown_but_runs_and_requests_nothing(visited, tmp_path, trap, monkeypatch):
    """Although its author consented to scripts on the cards."""
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):  # where no consent counts
        monkeypatch.delenv(name, raising=False)
    package = hostile_package(tmp_path / "hostile.apkg", trap.url, sample.png())
    for command in (["adopt", str(package), "deck"], ["-C", "deck", "consent", "--yes"]):
        subprocess.run([sys.executable, "-m", "deckgen", *command], cwd=tmp_path, check=True)
    with preview(tmp_path / "deck") as address:
        visited.goto(address)
        visited.keyboard.press("b")
        visited.wait_for_function(
            """() => { const all = [...document.querySelectorAll("iframe.side")];
                return all.length === 4 && all.every((one) => one.contentDocument?.querySelector("a")); }"""
        )
        visited.wait_for_function(
            """() => [...document.querySelectorAll("iframe.side")].some((one) =>
                one.contentDocument.querySelector("#own")?.naturalWidth === 2)"""
        )
        visited.evaluate("""() => { for (const one of document.querySelectorAll("iframe.side"))
            for (const link of one.contentDocument.querySelectorAll("a")) link.click(); }""")
        visited.wait_for_load_state("networkidle")

        assert visited.evaluate("window.ran") is None
        assert visited.url.startswith(address)
    assert trap.connections == 0


def test_a_wide_picture_of_an_adopted_deck_fits_as_in_anki(page, tmp_path):
    deck = genanki.Deck(1, "Wide")
    deck.add_note(genanki.Note(genanki.BASIC_MODEL, ['front <img src="wide.png" width="3000">', "back"]))
    (tmp_path / "wide.png").write_bytes(sample.png())
    genanki.Package([deck], [str(tmp_path / "wide.png")]).write_to_file(str(tmp_path / "wide.apkg"))
    subprocess.run([sys.executable, "-m", "deckgen", "adopt", "wide.apkg", "deck"], cwd=tmp_path, check=True)
    with preview(tmp_path / "deck") as address:
        page.goto(address)
        page.wait_for_function(
            "() => document.querySelector('iframe.side')?.contentDocument?.querySelector('img')?.naturalWidth === 2"
        )
        frame, picture = page.evaluate("""() => { const frame = document.querySelector("iframe.side");
            return [frame.clientWidth, frame.contentDocument.querySelector("img").getBoundingClientRect().right]; }""")

    assert picture <= frame - 20
    with hosted(static_pages(tmp_path / "deck")) as address:
        page.goto(address)
        right, picture = page.evaluate("""() => { const face = document.querySelector(".face");
            const inside = face.querySelector("span").shadowRoot.querySelector("img").getBoundingClientRect();
            return [face.getBoundingClientRect().right, inside.right]; }""")

    assert picture <= right - 20


def test_every_card_of_the_decks_is_shown(page, tmp_path):
    shutil.copytree(REPOSITORY / "decks", tmp_path / "decks")
    with preview(tmp_path) as address:
        page.goto(address)
        page.keyboard.press("End")
        count = page.inner_text("#count")
        notes = page.request.get(f"{address}cards.json").json()["notes"]
        cards = [card for note in notes for card in note["cards"]]

        assert count.startswith(f"{len(cards)} of {len(cards)} cards")
        assert len(cards) > 200


def test_regions_are_drawn_and_pasted_into_an_entry(opened, project):
    opened.click("text=Regions")
    opened.set_input_files("#file", project / "decks/other/media/dot.png")
    stage = opened.wait_for_selector("#stage").bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return stage["x"] + x * stage["width"], stage["y"] + y * stage["height"]

    opened.mouse.move(*at(0.1, 0.2))
    opened.mouse.down()
    opened.mouse.move(*at(0.5, 0.6))
    opened.mouse.up()
    opened.keyboard.type("Left: it's 1")
    opened.click("#add")
    opened.keyboard.type("Right")
    opened.get_by_label("Note").nth(1).fill("Seldom seen")
    opened.locator("button.region").nth(1).press("Shift+ArrowRight")
    opened.locator("button.region").nth(1).press("ArrowUp")
    drawn = opened.inner_text("#yaml")
    numbers = [[float(number) for number in one.split(",")] for one in re.findall(r"rect: \[(.*)\]", drawn)]

    assert re.sub(r"rect: \[.*\]", "rect", drawn) == (
        "regions:\n"
        "  - {id: left-it-s-1, name: 'Left: it''s 1', rect}\n"
        "  - {id: right, name: Right, note: Seldom seen, rect}"
    )
    assert numbers == [pytest.approx([0.1, 0.2, 0.4, 0.4], abs=0.02), [0.4, 0.395, 0.205, 0.2]]
    entry = "pictures:\n- id: drawn\n  domain: others\n  picture: media/dot.png\n  title: Two sides\n"
    (project / "decks/other/drawn.yaml").write_text(entry + "".join(f"  {line}\n" for line in drawn.splitlines()))
    checked = subprocess.run(
        [sys.executable, "-m", "deckgen", "check"], cwd=project, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_mask_of_a_picture_covers_the_region_that_is_asked(page, project):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200"/></svg>'
    (project / "decks/other/media/halves.svg").write_text(drawing)
    (project / "decks/other/halves.yaml").write_text(HALVES)
    with preview(project) as address:
        page.goto(address)
        for number, (edges, name) in {1: ((0, 0.5), "Left half"), 2: ((0.5, 1), "Right half")}.items():
            box = f'.box[data-id="picture/halves#{number}"]'
            assert page.eval_on_selector(box, MASK) == [pytest.approx(edges, abs=0.01)]
            page.click(f"{box} .row")
            assert page.eval_on_selector(box, MASK) == []
            assert answer(page, f"picture/halves#{number}") == name
