// Which cards are shown: the filters, the search, and the address that remembers them.
"use strict";

const $ = (id) => document.getElementById(id);
const FILTERS = ["deck", "domain", "kind", "state", "search"];
const texts = new WeakMap(); // the searchable text of cards

function fillFilters(info, kinds) {
  const since = info.since && `changed since ${info.since}`;
  const options = {
    deck: info.decks.map((deck) => [deck.id, deck.title]),
    domain: info.domains.map((domain) => [domain.id, domain.title]),
    kind: kinds.map((kind) => [kind, info.kinds[kind] ?? kind]),
    state: since ? [["touched", since], ["new", "new"], ["changed", "changed"], ["removed", "removed"]] : [],
  };
  for (const [id, pairs] of Object.entries(options)) {
    const chosen = $(id).value;
    for (const old of $(id).querySelectorAll("option[data-own]")) old.remove();
    for (const [value, text] of pairs) {
      const option = element("option", "", text);
      option.value = value;
      option.dataset.own = "";
      $(id).append(option);
    }
    $(id).value = chosen;
    if ($(id).selectedIndex < 0) $(id).value = "";
  }
}

function readAddress(info) {
  const params = new URLSearchParams(location.search);
  for (const id of FILTERS) if (params.has(id)) $(id).value = params.get(id);
  if (!params.has("state") && info.since) $("state").value = "touched";
  for (const id of FILTERS) if (id !== "search" && $(id).selectedIndex < 0) $(id).value = "";
}

function writeAddress(info) {
  const params = new URLSearchParams();
  for (const id of FILTERS) if ($(id).value || (id === "state" && info.since)) params.set(id, $(id).value);
  const query = params.toString();
  const address = (query ? `?${query}` : location.pathname) + location.hash;
  try { history.replaceState(null, "", address); } catch { /* not allowed for files */ }
}

function textOf(card) {
  if (!texts.has(card)) {
    const sides = [card.now, card.old].flatMap((one) => (one ? [one.front, one.back] : [])).join(" ");
    const words = new DOMParser().parseFromString(sides, "text/html").body.textContent;
    texts.set(card, `${card.id} ${card.note.tags.join(" ")} ${words}`.toLowerCase());
  }
  return texts.get(card);
}

const STATES = {
  "": (card) => card.state !== "removed",
  warnings: (card) => card.note.findings.some((one) => one.severity !== "hint"),
  unreviewed: (card) => card.state !== "removed" && !card.note.reviewed,
  hints: (card) => card.note.findings.some((one) => one.severity === "hint"),
  touched: (card) => card.state && card.state !== "same",
  new: (card) => card.state === "new",
  changed: (card) => card.state === "changed",
  removed: (card) => card.state === "removed",
};

function filtered(cards) {
  const [deck, domain, kind, state, search] = FILTERS.map((id) => $(id).value);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return cards.filter((card) => (!deck || card.note.deck === deck)
    && (!domain || card.note.domain === domain)
    && (!kind || card.note.kind === kind)
    && STATES[state](card)
    && words.every((word) => textOf(card).includes(word)));
}
