// The page on which an author draws the regions of a picture and copies them as YAML.
"use strict";

const SMALLEST = 0.02; // of the picture; deckgen reports narrower regions
const STEP = 0.005;

const find = (id) => document.getElementById(id);
const stage = find("stage");
const regions = []; // {id, name, note, rect: [left, top, width, height], box, row}

// --- numbers

const within = (value, most) => Math.min(Math.max(value, 0), most);
const rounded = (value) => Number(value.toFixed(3));

function place(event) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  return [within((event.clientX - left) / width, 1), within((event.clientY - top) / height, 1)];
}

function between([x, y], [otherX, otherY]) {
  return [Math.min(x, otherX), Math.min(y, otherY), Math.abs(x - otherX), Math.abs(y - otherY)];
}

function setRect(region, [left, top, width, height]) {
  const [wide, high] = [within(width, 1), within(height, 1)];
  region.rect = [within(left, 1 - wide), within(top, 1 - high), wide, high];
  ["left", "top", "width", "height"].forEach((side, index) => {
    region.box.style[side] = `${100 * region.rect[index]}%`;
  });
  showYaml();
}

// --- regions

function addRegion(rect) {
  const region = { id: "", name: "", note: "", box: document.createElement("button"), row: document.createElement("li") };
  region.box.type = "button";
  region.box.className = "region";
  regions.push(region);
  stage.append(region.box);
  fillRow(region);
  find("regions").append(region.row);
  region.box.addEventListener("pointerdown", (event) => move(region, event));
  region.box.addEventListener("keydown", (event) => obey(region, event));
  setRect(region, rect);
  number();
  return region;
}

function fillRow(region) {
  const field = (name, hint) => {
    const input = document.createElement("input");
    input.placeholder = hint;
    input.addEventListener("input", () => {
      region[name] = input.value.trim();
      number();
    });
    const label = document.createElement("label");
    label.append(`${name[0].toUpperCase()}${name.slice(1)} `, input);
    return label;
  };
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "Remove";
  remove.addEventListener("click", () => {
    regions.splice(regions.indexOf(region), 1);
    region.box.remove();
    region.row.remove();
    number();
  });
  region.row.append(field("name", "The answer"), field("note", "Optional: a line below the answer"), field("id", "Made from the name"), remove);
}

// Number the boxes as their rows are numbered.
function number() {
  regions.forEach((region, index) => {
    region.box.textContent = index + 1;
    region.box.setAttribute("aria-label", `Region ${index + 1} ${region.name}`);
  });
  showYaml();
}

// --- drawing

function drag(event, follow, done = () => {}) {
  event.preventDefault();
  stage.setPointerCapture(event.pointerId);
  stage.onpointermove = (moved) => follow(place(moved));
  stage.onpointerup = stage.onpointercancel = (last) => {
    stage.onpointermove = stage.onpointerup = stage.onpointercancel = null;
    done(place(last));
  };
}

function draw(event) {
  if (event.button || event.target.classList.contains("region")) return;
  const start = place(event);
  const ghost = document.createElement("div");
  ghost.className = "region";
  stage.append(ghost);
  const show = (end) => {
    const sides = between(start, end);
    ["left", "top", "width", "height"].forEach((side, index) => {
      ghost.style[side] = `${100 * sides[index]}%`;
    });
    return sides;
  };
  drag(event, show, (end) => {
    const rect = show(end);
    ghost.remove();
    if (Math.min(rect[2], rect[3]) >= SMALLEST) addRegion(rect).row.querySelector("input").focus();
  });
}

function move(region, event) {
  if (event.button) return;
  const [x, y] = place(event);
  const [left, top, width, height] = region.rect;
  region.box.focus();
  drag(event, ([toX, toY]) => setRect(region, [left + toX - x, top + toY - y, width, height]));
}

function obey(region, event) {
  const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
  if (!by) return;
  event.preventDefault();
  const [left, top, width, height] = region.rect;
  const larger = (size, step) => Math.max(size + step, SMALLEST);
  if (event.shiftKey) setRect(region, [left, top, larger(width, by[0]), larger(height, by[1])]);
  else setRect(region, [left + by[0], top + by[1], width, height]);
}

// --- YAML

// Words alone are plain in YAML, unless they mean something else there; all other text is quoted.
function scalar(text) {
  const plain = /^\p{L}[\p{L}\p{N} -]*$/u.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text);
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

function slug(text) {
  return text.normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").replace(/^(?=\d)/, "region-");
}

function showYaml() {
  const taken = new Set();
  const lines = regions.map((region, index) => {
    const wanted = region.id || slug(region.name) || `region-${index + 1}`;
    let id = wanted;
    for (let again = 2; taken.has(id); again++) id = `${wanted}-${again}`;
    taken.add(id);
    const note = region.note ? `, note: ${scalar(region.note)}` : "";
    const name = scalar(region.name || `Region ${index + 1}`);
    return `  - {id: ${id}, name: ${name}${note}, rect: [${region.rect.map(rounded).join(", ")}]}`;
  });
  find("yaml").textContent = ["regions:", ...lines].join("\n");
  find("result").hidden = !lines.length;
  find("copied").textContent = "";
}

async function copy() {
  try {
    await navigator.clipboard.writeText(`${find("yaml").textContent}\n`);
    find("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(find("yaml"));
    find("copied").textContent = "Press Ctrl+C (Mac: ⌘C) to copy the selected text.";
  }
}

// --- the picture

function showPicture() {
  const [file] = find("file").files;
  if (!file) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    find("picture").src = reader.result;
    for (const shown of ["stage", "how"]) find(shown).hidden = false;
    find("first").hidden = true;
    find("add").disabled = false;
    for (const region of regions.splice(0)) {
      region.box.remove();
      region.row.remove();
    }
    showYaml();
  });
  reader.readAsDataURL(file);
}

find("file").addEventListener("change", showPicture);
stage.addEventListener("pointerdown", draw);
find("add").addEventListener("click", () => addRegion([0.4, 0.4, 0.2, 0.2]).row.querySelector("input").focus());
find("copy").addEventListener("click", copy);
showPicture(); // chosen before this script ran, or before the page was loaded again
