// A card as an element of the page: its sides, before and now, and what the rules found.
"use strict";

const FRAME_POLICY = "default-src 'none'; img-src data:; media-src data:";
const OWN_MEDIA_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'"; // of cards whose media are the page's
// Elements that do something without a script. For some, a browser connects to a host that the policy forbids.
const ACTIVE = "base, embed, frame, iframe, link, meta, object, script, template";
const MAX_HEIGHT = 3000; // of a frame, in pixels: a stylesheet could make it grow without end
const dark = matchMedia("(prefers-color-scheme: dark)");

const turned = new Set(); // the ids of cards that show their back
const sheets = new Map(); // stylesheets by key
let styles = {}; // the texts of stylesheets by key

const stored = (name, otherwise) => {
  try { return localStorage.getItem(`deckgen.${name}`) ?? otherwise; } catch { return otherwise; }
};
const store = (name, value) => {
  try { localStorage.setItem(`deckgen.${name}`, value); } catch { /* storage can be switched off */ }
};
const look = { both: stored("both", "") === "yes", phone: stored("phone", "") === "yes", theme: stored("theme", "auto") };

function isDark() {
  return look.theme === "dark" || (look.theme === "auto" && dark.matches);
}

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

function sheet(key) {
  if (!sheets.has(key)) {
    const made = new CSSStyleSheet();
    made.replaceSync(styles[key]);
    sheets.set(key, made);
  }
  return sheets.get(key);
}

function side(sides, name, number) {
  const made = element("div", "side");
  made.dataset.side = name;
  const root = made.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(sides.style)];
  root.innerHTML = `<div class="card card${number}">${sides[name]}</div>`;
  return made;
}

// An earlier card, or one of an adopted note type, may have any HTML. It is put into a frame that runs no script,
// submits no form and cannot navigate. The frame has the page's origin, so it can be filled, styled and measured here.
function frame(sides, name, number, policy) {
  const made = element("iframe", "side");
  made.dataset.side = name;
  made.title = policy === FRAME_POLICY ? `${name}, before` : name;
  made.setAttribute("sandbox", "allow-same-origin");
  made.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">`;
  made.addEventListener("load", () => {
    const inside = made.contentDocument;
    const card = inside.createElement("div");
    card.className = `card card${number}`;
    card.append(...new DOMParser().parseFromString(`<body>${sides[name]}`, "text/html").body.childNodes);
    for (const one of card.querySelectorAll(ACTIVE)) one.remove();
    const own = new made.contentWindow.CSSStyleSheet();
    own.replaceSync(styles[sides.style]);
    inside.adoptedStyleSheets = [own];
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
    const policy = sides === card.old ? FRAME_POLICY : OWN_MEDIA_POLICY;
    const shown = sides.framed ? frame(sides, name, card.number, policy) : side(sides, name, card.number);
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
  head.append(element("h2", "", `${card.note.id} · card ${card.place}`));
  if (card.state && card.state !== "same") head.append(element("span", `state ${card.state}`, card.state));
  if (card.note.reviewed) head.append(element("span", "reviewed", card.note.reviewed));
  if (card.note.path) head.append(linkTo(card.note.url, `${card.note.path}:${card.note.line}`, "where"));
  made.append(head);
  fillBox(made, card);
  return made;
}

function fillBox(made, card) {
  for (const old of made.querySelectorAll(".rows, .found")) old.remove();
  const rows = element("div", card.state === "changed" && !look.both ? "rows two" : "rows");
  if (card.old) rows.append(row(card, card.old, "before"));
  if (card.now) rows.append(row(card, card.now, card.old ? "now" : ""));
  made.append(rows);
  if (card.note.findings.length) {
    const list = element("ul", "found");
    for (const found of card.note.findings) {
      const item = element("li");
      item.append(element("b", found.severity, `${found.severity}: `), `${found.message} [${found.rule}]`);
      if (found.help) item.append(element("span", "help", ` ${found.help}`));
      list.append(item);
    }
    made.append(list);
  }
  paint(made);
}

// Set the classes that Anki sets for its night mode.
function paint(made) {
  for (const one of made.querySelectorAll(".side")) {
    const card = (one.shadowRoot ?? one.contentDocument?.body)?.firstElementChild; // none while a frame loads
    card?.classList.toggle("nightMode", isDark());
    card?.classList.toggle("night_mode", isDark());
  }
}
