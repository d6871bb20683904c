// A table's page: a grid that is walked, edited and undone by keys as a spreadsheet is, beside the picture.
import "./cards.js";
import { answerFor } from "./table-answers.js";
import { CellEditor } from "./table-editor.js";
import { bringIntoView } from "./scan.js";

const grid = document.querySelector("[data-grid]");
const panel = document.getElementById("cell-card");
const state = document.getElementById("cell-status");
const places = [...grid.querySelectorAll("[data-place]")];
const CARD_MILLISECONDS = 150;
const NONE_LEFT = "No cell needs a look.";

// Which place stands at each row and column; one that spans several stands at all of them.
const at = [];
for (const place of places) {
  for (let row = 0; row < place.rowSpan; row += 1) {
    for (let column = 0; column < place.colSpan; column += 1) {
      (at[Number(place.dataset.row) + row] ??= [])[Number(place.dataset.column) + column] = place;
    }
  }
}

let active = grid.querySelector("[data-chosen]");
let [row, column] = placeOf(active);
let cardTimer = 0;
let isColumnShown = Boolean(panel.querySelector("[data-column-card]"));
const editor = new CellEditor(document.getElementById("cell-echo"));
const decided = [];

function placeOf(place) {
  return [Number(place.dataset.row), Number(place.dataset.column)];
}

function cellIn(place) {
  return place.querySelector(".cell");
}

function tell(words) {
  state.textContent = words;
}

function stateOf(place) {
  const { refusal, dataset } = place;
  return `${dataset.label}: ${refusal ? `${refusal.typed} was not kept. ${refusal.why}` : cellIn(place).dataset.words}`;
}

function tellState(place) {
  tell(stateOf(place));
}

// Not by its class: htmx leaves an element's old classes on the new one for a moment.
function needsLook(place) {
  return Boolean(place.refusal) || "asked" in cellIn(place).dataset;
}

// ---- walking

function go(place, where = placeOf(place)) {
  active.tabIndex = -1;
  active.removeAttribute("data-chosen");
  active.setAttribute("aria-selected", "false");
  const isSame = active === place;
  active = place;
  [row, column] = where;
  active.tabIndex = 0;
  active.setAttribute("data-chosen", "");
  active.setAttribute("aria-selected", "true");
  active.focus({ preventScroll: true });
  active.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  showPlace();
  tellState(active);
  if (!isSame) showCard();
}

function showPlace() {
  for (const old of document.querySelectorAll(".scan a.current")) old.classList.remove("current");
  const frame = document.querySelector(`[data-frame="${active.dataset.place}"]`);
  frame.classList.add("current");
  frame.parentNode.append(frame); // its neighbours do not cover its edge
  bringIntoView(frame);
}

function step(down, across) {
  let [to, over] = [row + down, column + across];
  while (at[to]?.[over] === active) [to, over] = [to + down, over + across];
  if (at[to]?.[over]) go(at[to][over], [to, over]);
}

function along(by) {
  const next = places[places.indexOf(active) + by];
  if (next) go(next);
  return Boolean(next);
}

function nextDoubt(by) {
  const here = places.indexOf(active);
  const order = places.map((_, further) => places.at((here + by * (further + 1)) % places.length));
  const found = order.find((place) => needsLook(place) && !place.isSending);
  if (found) go(found);
  else tell(NONE_LEFT);
}

// The card of a refused value says why; any other is fetched, once the person rests on its cell.
function showCard() {
  clearTimeout(cardTimer);
  isColumnShown = false;
  const place = active;
  if (place.refusal?.card) panel.replaceChildren(place.refusal.card);
  else cardTimer = setTimeout(() => fetchCard(place), CARD_MILLISECONDS);
}

async function fetchCard(place) {
  await place.sent;
  if (place === active && !place.refusal) ask(place, "GET", place.dataset.address);
}

// ---- asking the site

// The card of the answer is put beside the grid where the person still is at this cell.
async function ask(place, verb, address, values) {
  const { status, card } = await answerFor(place, verb, address, values);
  if (card && place === active && !isColumnShown && !isTypedIn(card)) panel.replaceChildren(card);
  return { status, card };
}

function isTypedIn(card) {
  return panel.querySelector(":focus") && panel.querySelector(`#${card.id}`);
}

// Decisions on a cell wait for each other, because each names what the person saw when they made it.
function decide(place, typed, values, path = "correct/") {
  isColumnShown = false;
  if (path === "correct/") decided.push(place);
  place.sent = (place.sent ?? Promise.resolve()).then(() => send(place, typed, values, path));
}

async function send(place, typed, values, path) {
  const isAskedAbout = needsLook(place);
  place.refusal = null;
  place.isSending = true;
  showPending(place, typed);
  const { status, card } = await ask(place, "POST", `${place.dataset.address}${path}`, {
    made_on: cellIn(place).dataset.madeOn,
    ...values,
  });
  place.isSending = false;
  if (status === 200) kept(place, isAskedAbout);
  else {
    const last = decided.lastIndexOf(place);
    if (path === "correct/" && last >= 0) decided.splice(last, 1);
    refused(place, typed, card);
  }
}

function kept(place, wasAskedAbout) {
  place.classList.remove("refused");
  showPending(place, "");
  const last = wasAskedAbout && !places.some(needsLook) ? `. ${NONE_LEFT}` : "";
  tell(place === active ? `${stateOf(place)}${last}` : `${stateOf(place)}${last}. Here: ${stateOf(active)}`);
}

function refused(place, typed, card) {
  const told = card?.querySelector("[name=acknowledged]")?.value;
  const sentences = card ? [...card.querySelectorAll(".about p, .notice")].map((one) => one.textContent.trim()) : [];
  const why = [...sentences, ...(told ? ["Ctrl + Enter keeps it all the same."] : [])].join(" ");
  if (typed) {
    place.refusal = { typed, card, why, told };
    place.classList.add("refused");
  }
  if ((editor.isOpen && editor.place !== place) || panel.querySelector(":focus")) tell(`${place.dataset.label} was not kept. ${why}`);
  else {
    go(place);
    if (typed) edit();
    else if (card) panel.replaceChildren(card);
    tell(`${place.dataset.label}: ${typed || "this"} was not kept. ${why}`);
  }
}

function showPending(place, typed) {
  place.querySelector(".cell-pending")?.remove();
  if (typed) place.append(Object.assign(document.createElement("span"), { className: "cell-pending", textContent: typed }));
}

// ---- editing

function mayOnlyLook() {
  const only = grid.hasAttribute("data-read-only");
  if (only) tell("Your role does not decide on values here.");
  return only;
}

function edit(text) {
  if (mayOnlyLook()) return;
  const { typed, candidates } = cellIn(active).dataset;
  editor.open(active, text ?? active.refusal?.typed ?? typed, {
    first: typed,
    candidates: candidates.split(" ").filter(Boolean),
    isRefused: Boolean(active.refusal),
  });
}

function giveUp() {
  const { place } = editor;
  editor.close();
  if (place.refusal) {
    place.refusal = null;
    place.classList.remove("refused");
    showPending(place, "");
    showCard();
  }
  go(place);
}

// What was only looked at is not decided on, unless it needs a look: then Enter confirms it.
function save({ all = false } = {}) {
  const { place, text, first, echoed } = editor;
  const isUnchanged = text === first && !place.refusal;
  const acknowledged = all && text === place.refusal?.typed ? place.refusal.told : undefined;
  editor.close();
  if (isUnchanged && !(text && needsLook(place))) return;
  decide(place, text, { value: text, echoed, ...(acknowledged && { acknowledged }) });
}

function absent() {
  if (mayOnlyLook()) return;
  decide(active, "", { verdict: "absent" });
}

async function undo() {
  await decided.at(-1)?.sent;
  const place = decided.pop();
  if (!place) {
    tell("Nothing that you did here is left to undo.");
    return;
  }
  if (place.seen) {
    await askColumn(place.address, { seen: place.seen });
    return;
  }
  go(place);
  decide(place, "", {}, "undo/");
}

// ---- a whole column

// How many cells it is about stands on the column's card, before anything is done.
async function showColumn(link) {
  const cells = places.filter((place) => place.dataset.column === link.dataset.whole);
  await Promise.all(cells.map((place) => place.sent));
  const typed = cells.find((place) => place.refusal);
  if (typed) {
    // To leave the open editor would send what is typed there once more, and its answer would cover this one.
    if (!editor.isOpen || editor.place !== typed) go(typed);
    tell(`${stateOf(typed)} Keep it or press Escape in it, before you decide on the whole column.`);
    return;
  }
  await fillPanel("GET", link.href);
  panel.scrollIntoView({ block: "nearest", behavior: "instant" }); // on a phone it stands below the grid
  panel.querySelector("[data-column-form] button")?.focus({ preventScroll: true });
  const card = panel.querySelector("[data-column-card]");
  if (card && !panel.contains(document.activeElement)) tell(`${card.querySelector("h2").textContent}: ${card.querySelector("p").textContent}`);
}

async function fillPanel(verb, address, values = {}) {
  clearTimeout(cardTimer);
  isColumnShown = true;
  await htmx.ajax(verb, address, { source: panel, target: panel, swap: "innerHTML", values }).catch(() => {});
}

// One undo brings all cells of the column back.
async function askColumn(address, values) {
  panel.querySelector("[data-column-card]")?.removeAttribute("data-told"); // where the line is broken, it stays
  await fillPanel("POST", address, values);
  const told = panel.querySelector("[data-column-card]")?.dataset.told;
  if (!told) return;
  active.focus({ preventScroll: true });
  const isLeft = document.getElementById("doubts").textContent.trim() || places.some((place) => place.refusal);
  tell(isLeft ? told : `${told} ${NONE_LEFT}`);
}

panel.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-column-form]");
  if (!form) return;
  event.preventDefault();
  const isUndo = form.dataset.columnForm === "undo";
  const seen = form.elements.seen.value;
  await askColumn(form.action, { seen });
  const back = panel.querySelector("[data-kept] [data-column-form=undo]");
  const last = decided.findLastIndex((one) => one.seen === seen);
  if (!isUndo && back) decided.push({ address: back.action, seen });
  else if (isUndo && last >= 0 && panel.querySelector("[data-kept]")) decided.splice(last, 1);
});

panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isColumnShown) return;
  active.focus({ preventScroll: true });
  showCard();
});

grid.tHead.addEventListener("click", (event) => {
  const link = event.target.closest("[data-whole]");
  if (!link) return;
  event.preventDefault();
  showColumn(link);
});

// ---- keys

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function walked(event) {
  const { key, shiftKey } = event;
  if (key in MOVES) step(...MOVES[key]);
  else if (key === "Tab") return along(shiftKey ? -1 : 1);
  else if (key === "Home" || key === "End") {
    const line = [...new Set(at[row])];
    go(line.at(key === "Home" ? 0 : -1));
  } else if (key === "Enter" || key === "F2") edit();
  else if (key === "Escape") panel.focus();
  else if (key === "Delete" && shiftKey) showColumn(grid.querySelector(`[data-whole="${column}"]`));
  else if (key === "Delete") absent();
  else if (key === "Backspace") edit("");
  else if (key === "n" || key === "N") nextDoubt(key === "n" ? 1 : -1);
  else if (/^[-0-9.,]$/.test(key)) edit(key);
  else return false;
  return true;
}

function edited(event) {
  const { key, shiftKey, ctrlKey, altKey } = event;
  if (key === "Escape") giveUp();
  else if (altKey && (key === "ArrowDown" || key === "ArrowUp")) editor.fill(key === "ArrowDown" ? 1 : -1);
  else if (key === "Enter") {
    save({ all: ctrlKey });
    if (!ctrlKey) step(shiftKey ? -1 : 1, 0);
    active.focus({ preventScroll: true });
  } else if (key === "Tab") {
    save();
    if (!along(shiftKey ? -1 : 1)) active.focus({ preventScroll: true });
  } else return false;
  return true;
}

grid.addEventListener("keydown", (event) => {
  if (grid.tHead.contains(event.target)) return;
  if (editor.isOpen) {
    if (!event.isComposing && edited(event)) event.preventDefault();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
  else if (event.ctrlKey && (event.key === "Home" || event.key === "End")) go(places.at(event.key === "Home" ? 0 : -1));
  else if (event.ctrlKey || event.metaKey || event.altKey || !walked(event)) return;
  event.preventDefault();
});

// From anywhere on the page but a field one goes on with the next doubtful cell.
document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isPlain || grid.contains(event.target) || event.target.matches("input, select, textarea")) return;
  if (event.key === "n" || event.key === "N") nextDoubt(event.key === "n" ? 1 : -1);
});

grid.addEventListener("click", (event) => {
  const place = event.target.closest("[data-place]");
  if (!place || event.target === editor.input) return;
  event.preventDefault();
  if (place === active && document.activeElement === active) edit();
  else go(place);
});

// Whoever goes on elsewhere keeps what they typed; on the card beside it, or in another window, they may come back.
editor.input.addEventListener("blur", (event) => {
  if (editor.isOpen && document.hasFocus() && !panel.contains(event.relatedTarget)) save();
});

document.querySelector(".scan").addEventListener("click", (event) => {
  const frame = event.target.closest("[data-frame]");
  if (!frame) return;
  event.preventDefault();
  go(places.find((place) => place.dataset.place === frame.dataset.frame));
});

// ---- what the grid is only with JavaScript

function wake() {
  for (const link of grid.querySelectorAll("[data-place] a[href]")) link.removeAttribute("href");
  for (const place of places) {
    const frame = document.querySelector(`[data-frame="${place.dataset.place}"] rect`);
    for (const name of ["read", "doubt"]) frame.classList.toggle(name, needsLook(place));
  }
}

grid.setAttribute("role", "grid");
document.getElementById("grid-keys").hidden = false;
for (const place of places) {
  place.tabIndex = place === active ? 0 : -1;
  place.setAttribute("aria-selected", String(place === active));
}
for (const link of grid.querySelectorAll("[data-whole]")) link.tabIndex = -1;
document.body.addEventListener("htmx:afterSettle", wake);
wake();
showPlace();
if (document.activeElement === document.body && !window.location.hash) active.focus({ preventScroll: true });
