// The page: shows the cards that match, handles the keyboard and, if a server watches the sources, reloads what changes.
"use strict";

const FIRST = 60; // cards that are added to the page at a time; more follow on scrolling
const THEMES = ["auto", "light", "dark"];

let edition = ""; // the name of the edition that is shown
let info = {};
let order = []; // the ids of all notes
const notes = new Map(); // by id
let cards = []; // all cards in order
let shown = []; // the cards that match, in order
let boxes = new Map(); // the elements of those that are in the page, by id
let current = ""; // the id of the card that the keyboard acts on

// --- data

// Take in the notes that are new or changed, and drop those that are gone.
function take(update) {
  ({ edition, info } = update);
  for (const note of update.notes) {
    note.cards.forEach((card, at) => Object.assign(card, { note, place: at + 1, id: `${note.id}#${card.number}` }));
    notes.set(note.id, note);
  }
  if (update.order) {
    order = update.order;
    const living = new Set(order);
    for (const id of notes.keys()) if (!living.has(id)) notes.delete(id);
  }
  cards = order.flatMap((id) => notes.get(id).cards);
  styles = info.styles;
  fillFilters(info, [...new Set(Array.from(notes.values(), (note) => note.kind))].sort());
  showProblems();
}

async function catchUp() {
  const answer = await fetch(`cards.json?since=${encodeURIComponent(edition)}`);
  const update = await answer.json();
  const height = scrollY;
  take(update);
  show();
  scrollTo(0, height);
  document.documentElement.dataset.edition = edition;
}

// On connection the server sends the name of its newest edition, and again whenever there is a new one.
function follow(url) {
  const events = new EventSource(url);
  let done = Promise.resolve();
  events.addEventListener("edition", (event) => {
    // If this fails, the connection was lost; on reconnection, the server names the edition again.
    done = done.then(() => (event.data === edition ? null : catchUp())).catch(() => {});
  });
  events.addEventListener("error", () => { if (!$("lost")) $("count").after(lost()); });
  events.addEventListener("open", () => $("lost")?.remove());
}

function lost() {
  const made = element("p", "count", "The preview has stopped: this page no longer shows changes. Run 'deckgen preview --watch' again.");
  made.id = "lost";
  return made;
}

// --- cards

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
  shown = filtered(cards);
  const before = Math.max(boxes.size, FIRST);
  boxes = new Map();
  $("cards").replaceChildren();
  $("cards").className = `cards${look.both ? " both" : ""}${look.phone ? " phone" : ""}`;
  document.documentElement.classList.toggle("dark", isDark());
  document.documentElement.classList.toggle("light", !isDark());
  addBoxes(before);
  const all = cards.filter((card) => card.now).length;
  const count = new Set(shown.map((card) => card.note)).size;
  $("count").textContent = `${shown.length} of ${all} cards, ${count} ${count === 1 ? "note" : "notes"}`;
  $("none").hidden = shown.length > 0;
  if (!shown.some((card) => card.id === current)) current = shown[0]?.id ?? "";
  mark();
  writeAddress(info);
}

function turn(id) {
  if (!turned.delete(id)) turned.add(id);
  const card = shown.find((one) => one.id === id);
  if (card && boxes.has(id)) fillBox(boxes.get(id), card);
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
  const count = info.problems.length;
  section.hidden = count === 0;
  if (section.hidden) return;
  section.append(element("h2", "", count === 1 ? "1 error" : `${count} errors`));
  const list = element("ol");
  for (const found of info.problems.slice(0, 20)) {
    const item = element("li");
    const message = element("p");
    message.append(linkTo(found.url, `${found.path}:${found.line}:${found.column}`, "where"));
    message.append(` ${found.message} [${found.rule}]`);
    item.append(message);
    if (found.source) item.append(element("pre", "", `${found.source}\n${" ".repeat(found.caret - 1)}^`));
    if (found.help) item.append(element("p", "help", found.help));
    list.append(item);
  }
  section.append(list);
  if (count > 20) section.append(element("p", "", `and ${count - 20} more`));
}

// --- Anki

// The server builds the deck that is chosen, or all, and opens it in Anki; its answer says what happened.
async function openInAnki() {
  const button = $("open");
  button.disabled = true;
  $("opened").hidden = false;
  $("opened").textContent = "Building …";
  try {
    const headers = { "X-Deckgen-Token": button.dataset.token };
    const answer = await fetch("open", { method: "POST", headers, body: $("deck").value });
    $("opened").textContent = (await answer.text()).trim();
  } catch {
    $("opened").textContent = "The preview has stopped. Run 'deckgen preview --watch' again.";
  }
  button.disabled = false;
}

// --- controls

function setLook() {
  $("both").setAttribute("aria-pressed", look.both);
  $("width").setAttribute("aria-pressed", look.phone);
  $("theme").textContent = `Theme: ${look.theme}`;
  store("both", look.both ? "yes" : "");
  store("phone", look.phone ? "yes" : "");
  store("theme", look.theme);
  show();
}

const actions = {
  both() { look.both = !look.both; setLook(); },
  width() { look.phone = !look.phone; setLook(); },
  theme() { look.theme = THEMES[(THEMES.indexOf(look.theme) + 1) % THEMES.length]; setLook(); },
  open: openInAnki,
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

take(JSON.parse($("data").textContent));
$("data").remove(); // frees the memory: it can be as large as all cards
readAddress(info);
setLook();
$("open").hidden = !$("open").dataset.token;
if ($("cards").dataset.events) follow($("cards").dataset.events);
