// The gallery: filters, the keyboard, turning cards, and following the sources where a server says that they changed.
"use strict";

const $ = (id) => document.getElementById(id);
const FIRST = 60; // cards that are put into the page at once; more come as one scrolls
const THEMES = ["auto", "light", "dark"];
const FRAME_POLICY = "default-src 'none'; img-src data:; media-src data:";
// What acts without scripts; for some of these a browser connects to a host even where the policy forbids to ask it.
const LEADING_OUT = "base, embed, frame, iframe, link, meta, object, script, template";
const MAX_HEIGHT = 3000; // of a frame, in pixels: a stylesheet could make it grow with itself
const dark = matchMedia("(prefers-color-scheme: dark)");

let data = JSON.parse($("data").textContent);
let sheets = [];
let shown = []; // the cards that match, in order
let boxes = new Map(); // the elements of those that are in the page, by id
let current = ""; // the id of the card that the keyboard is at
const turned = new Set(); // the ids of cards whose back is up

const kept = (name, otherwise) => {
  try { return localStorage.getItem(`deckgen.${name}`) ?? otherwise; } catch { return otherwise; }
};
const keep = (name, value) => {
  try { localStorage.setItem(`deckgen.${name}`, value); } catch { /* a page without storage forgets */ }
};
const look = { both: kept("both", "") === "yes", phone: kept("phone", "") === "yes", theme: kept("theme", "auto") };

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function linkTo(url, text, className) {
  const made = element(url ? "a" : "span", className, text);
  if (url) made.href = url;
  return made;
}

// --- filters

const FILTERS = ["deck", "domain", "kind", "state", "search"];

function fillFilters() {
  const options = {
    deck: data.decks.map((deck) => [deck.name, deck.title]),
    domain: data.domains.map((domain) => [domain.id, domain.title]),
    kind: data.kinds.map((kind) => [kind, kind]),
    state: data.since
      ? [["touched", `changed since ${data.since}`], ["new", "new"], ["changed", "changed"], ["removed", "removed"]]
      : [],
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

function readAddress() {
  const asked = new URLSearchParams(location.search);
  for (const id of FILTERS) if (asked.has(id)) $(id).value = asked.get(id);
  if (!asked.has("state") && data.since) $("state").value = "touched";
  for (const id of FILTERS) if (id !== "search" && $(id).selectedIndex < 0) $(id).value = "";
}

function writeAddress() {
  const asked = new URLSearchParams();
  for (const id of FILTERS) if ($(id).value || (id === "state" && data.since)) asked.set(id, $(id).value);
  const query = asked.toString();
  try { history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash); } catch { /* a file */ }
}

const texts = new WeakMap();

function textOf(card) {
  if (!texts.has(card)) {
    const sides = [card.front, card.back, card.old?.front ?? "", card.old?.back ?? ""].join(" ");
    const words = new DOMParser().parseFromString(sides, "text/html").body.textContent;
    texts.set(card, `${card.id} ${card.tags.join(" ")} ${words}`.toLowerCase());
  }
  return texts.get(card);
}

function isWanted(card) {
  const state = $("state").value;
  if ($("deck").value && card.deck !== $("deck").value) return false;
  if ($("domain").value && card.domain !== $("domain").value) return false;
  if ($("kind").value && card.kind !== $("kind").value) return false;
  if (state === "found" && !card.findings.some((one) => one.severity !== "hint")) return false;
  if (state === "hints" && !card.findings.some((one) => one.severity === "hint")) return false;
  if (state === "touched" && (card.state === "same" || !card.state)) return false;
  if (["new", "changed", "removed"].includes(state) && card.state !== state) return false;
  if (!state && card.state === "removed") return false;
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => textOf(card).includes(word));
}

// --- cards

function isDark() {
  return look.theme === "dark" || (look.theme === "auto" && dark.matches);
}

function side(sides, name, number) {
  const made = element("div", "side");
  made.dataset.side = name;
  const root = made.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheets[sides.style]];
  root.innerHTML = `<div class="card card${number}">${sides[name]}</div>`;
  return made;
}

// A card as it was, which may come from a package of any maker: its HTML stands in a frame that runs no script, sends no
// form and leads nowhere. Being of the same origin, it can be filled, styled and measured from here.
function frame(sides, name, number) {
  const made = element("iframe", "side");
  made.dataset.side = name;
  made.title = `${name}, before`;
  made.setAttribute("sandbox", "allow-same-origin");
  made.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${FRAME_POLICY}">`;
  const style = data.styles[sides.style];
  made.addEventListener("load", () => {
    const inside = made.contentDocument;
    const card = inside.createElement("div");
    card.className = `card card${number}`;
    card.append(...new DOMParser().parseFromString(`<body>${sides[name]}`, "text/html").body.childNodes);
    for (const one of card.querySelectorAll(LEADING_OUT)) one.remove();
    const sheet = new made.contentWindow.CSSStyleSheet();
    sheet.replaceSync(`body { margin: 0; } ${style}`);
    inside.adoptedStyleSheets = [sheet];
    inside.body.append(card);
    new ResizeObserver(() => {
      made.style.height = `${Math.min(card.offsetHeight, MAX_HEIGHT)}px`;
    }).observe(card);
    paint(made.parentElement);
  });
  return made;
}

function row(card, sides, label) {
  const names = look.both ? ["front", "back"] : [turned.has(card.id) ? "back" : "front"];
  const made = element("div", names.length > 1 ? "row two" : "row");
  for (const name of names) {
    const cell = element("div");
    const shown = sides === card.old ? frame(sides, name, card.number) : side(sides, name, card.number);
    cell.append(element("p", "label", label ? `${label}, ${name}` : name), shown);
    made.append(cell);
  }
  return made;
}

function box(card) {
  const made = element("article", "box");
  made.tabIndex = -1;
  made.dataset.id = card.id;
  made.setAttribute("aria-label", `Card ${card.id}`);
  const head = element("header");
  head.append(element("h2", "", `${card.note} · card ${card.number}`));
  if (card.state && card.state !== "same") head.append(element("span", `state ${card.state}`, card.state));
  if (card.path) head.append(linkTo(card.url, `${card.path}:${card.line}`, "where"));
  made.append(head);
  fillBox(made, card);
  return made;
}

function fillBox(made, card) {
  for (const old of made.querySelectorAll(".rows, .found")) old.remove();
  const rows = element("div", card.state === "changed" && !look.both ? "rows two" : "rows");
  if (card.old) rows.append(row(card, card.old, "before"));
  if (card.state !== "removed") rows.append(row(card, card, card.old ? "now" : ""));
  made.append(rows);
  if (card.findings.length) {
    const list = element("ul", "found");
    for (const found of card.findings) {
      const item = element("li");
      item.append(element("b", found.severity, `${found.severity}: `), `${found.message} [${found.rule}]`);
      if (found.help) item.append(element("span", "help", ` ${found.help}`));
      list.append(item);
    }
    made.append(list);
  }
  paint(made);
}

function paint(made) {
  for (const one of made.querySelectorAll(".side")) {
    const card = (one.shadowRoot ?? one.contentDocument?.body)?.firstElementChild; // none in a frame that loads
    card?.classList.toggle("nightMode", isDark());
    card?.classList.toggle("night_mode", isDark());
  }
}

function turn(id) {
  if (!turned.delete(id)) turned.add(id);
  const card = shown.find((one) => one.id === id);
  if (card && boxes.has(id)) fillBox(boxes.get(id), card);
}

const more = new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting)) addBoxes(boxes.size + FIRST);
}, { rootMargin: "800px" });

function addBoxes(wanted) {
  more.disconnect();
  const added = shown.slice(boxes.size, wanted);
  for (const card of added) {
    const made = box(card);
    boxes.set(card.id, made);
    $("cards").append(made);
  }
  if (boxes.size < shown.length) more.observe($("cards").lastElementChild);
}

function show() {
  shown = data.cards.filter(isWanted);
  const before = Math.max(boxes.size, FIRST);
  boxes = new Map();
  $("cards").replaceChildren();
  $("cards").className = `cards${look.both ? " both" : ""}${look.phone ? " phone" : ""}`;
  document.documentElement.classList.toggle("dark", isDark());
  addBoxes(before);
  const all = data.cards.filter((card) => card.state !== "removed").length;
  const notes = new Set(shown.map((card) => card.note)).size;
  $("count").textContent = `${shown.length} of ${all} cards, ${notes} ${notes === 1 ? "note" : "notes"}`;
  $("none").hidden = shown.length > 0;
  if (!shown.some((card) => card.id === current)) current = shown[0]?.id ?? "";
  mark();
  writeAddress();
}

function mark() {
  for (const [id, made] of boxes) made.classList.toggle("current", id === current);
}

function move(step) {
  if (!shown.length) return;
  const at = shown.findIndex((card) => card.id === current);
  const next = Math.min(Math.max(at + step, 0), shown.length - 1);
  current = shown[next].id;
  if (!boxes.has(current)) addBoxes(next + FIRST);
  mark();
  boxes.get(current).focus({ preventScroll: true });
  boxes.get(current).scrollIntoView({ block: "nearest" });
}

// --- errors

function showProblems() {
  const section = $("problems");
  section.replaceChildren();
  section.hidden = data.problems.length === 0;
  if (section.hidden) return;
  const count = data.problems.length;
  section.append(element("h2", "", count === 1 ? "1 error" : `${count} errors`));
  const list = element("ol");
  for (const found of data.problems.slice(0, 20)) {
    const item = element("li");
    const said = element("p");
    said.append(linkTo(found.url, `${found.path}:${found.line}:${found.column}`, "where"));
    said.append(` ${found.message} [${found.rule}]`);
    item.append(said);
    if (found.source) {
      item.append(element("pre", "", `${found.source}\n${" ".repeat(found.caret - 1)}^`));
    }
    if (found.help) item.append(element("p", "help", found.help));
    list.append(item);
  }
  section.append(list);
  if (count > 20) section.append(element("p", "", `and ${count - 20} more`));
}

// --- what one can do

function setLook() {
  $("both").setAttribute("aria-pressed", look.both);
  $("width").setAttribute("aria-pressed", look.phone);
  $("theme").textContent = `Theme: ${look.theme}`;
  keep("both", look.both ? "yes" : "");
  keep("phone", look.phone ? "yes" : "");
  keep("theme", look.theme);
  show();
}

const actions = {
  both() { look.both = !look.both; setLook(); },
  width() { look.phone = !look.phone; setLook(); },
  theme() { look.theme = THEMES[(THEMES.indexOf(look.theme) + 1) % THEMES.length]; setLook(); },
  keys() { $("help").showModal(); },
  clear() {
    for (const id of FILTERS) $(id).value = "";
    show();
  },
};
for (const id of Object.keys(actions)) $(id).addEventListener("click", actions[id]);

const keyboard = {
  " ": () => turn(current),
  ArrowRight: () => move(1),
  j: () => move(1),
  ArrowLeft: () => move(-1),
  k: () => move(-1),
  "/": () => $("search").focus(),
  b: actions.both,
  w: actions.width,
  t: actions.theme,
  "?": actions.keys,
  e: () => boxes.get(current)?.querySelector("a.where")?.click(),
  Escape: actions.clear,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const typing = event.target.matches("input, select");
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing && event.key !== "Escape") return;
  if (event.key === " " && event.target.matches("button, a")) return;
  const act = keyboard[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

$("cards").addEventListener("click", (event) => {
  const made = event.target.closest(".box");
  if (!made || event.composedPath().some((one) => one instanceof Element && one.matches("a, audio"))) return;
  current = made.dataset.id;
  mark();
  if (event.target.closest(".row") && !String(getSelection())) turn(current);
});

$("filters").addEventListener("submit", (event) => event.preventDefault());
for (const id of FILTERS) $(id).addEventListener("input", show);
dark.addEventListener("change", setLook);

// --- data

async function take(fresh) {
  data = fresh;
  sheets = data.styles.map((style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    return sheet;
  });
  fillFilters();
  showProblems();
}

async function follow() {
  const events = new EventSource("events");
  const refresh = async () => {
    const answer = await fetch("cards.json");
    const height = scrollY;
    await take(await answer.json());
    show();
    scrollTo(0, height);
    document.documentElement.dataset.edition = String(Number(document.documentElement.dataset.edition ?? 0) + 1);
  };
  events.addEventListener("changed", refresh);
  events.addEventListener("error", () => { if (!$("lost")) $("count").after(lost()); });
  events.addEventListener("open", () => { if ($("lost")) { $("lost").remove(); refresh(); } });
}

function lost() {
  const made = element("p", "count", "The preview has ended; these cards no longer follow the sources.");
  made.id = "lost";
  return made;
}

take(data).then(() => {
  readAddress();
  setLook();
  if (data.watching) follow();
});
