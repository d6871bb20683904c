// The layout editor: what is drawn is kept on the server at once, and the sample is read with it.
import { Boxes } from "./layout-boxes.js";
import { FieldList, freshField, withName, withoutWordsOf, withSetting } from "./layout-fields.js";
import { History } from "./layout-history.js";

const KEEP_AFTER_MS = 400;
const ASK_EVERY_MS = 500;
const WIDTHS = [100, 150, 200, 300, 400];
const by = (id) => document.getElementById(id);
const form = by("editor");
let server = JSON.parse(by("state").textContent);
let fields = server.fields;
let chosen = -1;
let keeping = 0;
let dirty = false;

const history = new History(form.dataset.layout, JSON.stringify(fields), server.revision);
const on = { drawn: add, moved: (index, place) => replace(index, { ...fields[index], place }), chosen: choose, removed: remove, set };
const boxes = by("sheet") && new Boxes(by("sheet"), on);
const list = new FieldList(by("fields"), by("field"), on);

function say(words) { if (by("status").textContent !== words) by("status").textContent = words; }

function show(scroll) {
  const readings = dirty ? null : server.readings;
  const named = readings && fields.map((field) => readings.find((reading) => reading.name === field.name));
  boxes?.show(fields, chosen, named);
  list.show(fields, chosen, named, scroll);
  by("no-fields").hidden = fields.length > 0;
  by("undo").disabled = !history.canUndo;
  by("redo").disabled = !history.canRedo;
  by("problem").hidden = dirty || !server.problem;
  by("problem").textContent = server.problem;
  by("save").disabled = fields.length === 0;
}

function choose(index) {
  if (index === chosen) return;
  chosen = index;
  show(document.activeElement?.closest?.(".box"));
}

function changed(next) {
  fields = next;
  if (history.add(JSON.stringify(fields), server.revision)) keepSoon();
}

function add(place) {
  chosen = fields.length;
  changed([...fields, freshField(fields, place)]);
  show(true);
  draw(false);
  by("fields").lastElementChild.querySelector("input").focus();
  by("fields").lastElementChild.querySelector("input").select();
}

function replace(index, field) { changed(fields.with(index, field)); show(); }

function remove(index) {
  chosen = -1;
  changed(withName(fields.filter((_, at) => at !== index), fields[index].name));
  show();
  say("Removed. Undo brings it back.");
  by("undo").focus();
}

function set(index, key, value) {
  const field = withSetting(fields[index], key, value);
  const { name, kind } = fields[index];
  let renamed = key === "name" ? withName(fields, name, field.name) : fields;
  if (kind === "amount" && field.kind !== "amount") renamed = withoutWordsOf(fields, name);
  changed(renamed.with(index, field));
  show();
}

function step(count) {
  fields = JSON.parse(history.step(count, server.revision));
  chosen = Math.min(chosen, fields.length - 1);
  keepSoon();
  show();
}

function keepSoon() {
  dirty = true;
  say("Not kept yet …");
  clearTimeout(keeping);
  keeping = setTimeout(keep, KEEP_AFTER_MS);
}

let sent = Promise.resolve();
function keep() {
  clearTimeout(keeping);
  sent = sent.then(post, post);
  return sent;
}

async function post() {
  if (!dirty) return;
  const told = JSON.stringify({ base: server.revision, title: by("title").value, fields });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", headers, body: told, keepalive: told.length < 60_000 });
    if (answer.redirected) return refuse("You are signed out. Sign in again in another window; what you drew is kept here.");
    if (answer.status === 409 || answer.status === 400) return refuse((await answer.json()).problem);
    if (!answer.ok) throw new Error(answer.statusText);
    server = await answer.json();
  } catch {
    say("The site does not answer. What you drew is kept here, and sent as soon as it does.");
    keeping = setTimeout(keep, 4000);
    return;
  }
  dirty = JSON.stringify({ base: server.revision - 1, title: by("title").value, fields }) !== told;
  if (dirty) keepSoon();
  else history.sent();
  say(server.busy ? "Kept. Reading the sample …" : "Kept.");
  show();
  if (server.busy) ask();
}

function refuse(words) {
  by("problem").textContent = words;
  by("problem").hidden = false;
  say("Not kept.");
}

let asking = 0;
function ask() {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    try {
      const answer = await fetch(form.dataset.state);
      if (answer.ok && !dirty) {
        const before = server.sample;
        server = await answer.json();
        if (before === "waiting" && server.sample !== "waiting") return location.reload();
        const failed = fields.length > 0 && server.readings?.length === 0;
        say(server.busy ? "Kept. Reading the sample …" : failed ? "Kept, but the sample could not be read." : "Kept, and read.");
        show();
      }
    } catch {
      say("The site does not answer at the moment.");
    }
    if (server.busy && !dirty) ask();
  }, ASK_EVERY_MS);
}

function draw(active) {
  if (!boxes) return;
  boxes.drawing = active;
  by("draw").setAttribute("aria-pressed", active);
  form.classList.toggle("drawing", active);
}

let width = 0;
function zoom(to) {
  width = Math.min(Math.max(to, 0), WIDTHS.length - 1);
  if (by("sheet")) by("sheet").style.width = `${WIDTHS[width]}%`;
}

by("undo").addEventListener("click", () => step(-1));
by("redo").addEventListener("click", () => step(1));
by("draw").addEventListener("click", () => draw(!boxes?.drawing));
by("nearer").addEventListener("click", () => zoom(width + 1));
by("farther").addEventListener("click", () => zoom(width - 1));
by("add").addEventListener("click", () => add([0.3, 0.3, 0.6, 0.4]));
by("title").addEventListener("change", keepSoon);
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.matches("input")) return;
  event.preventDefault();
  step(event.shiftKey ? 1 : -1);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  document.activeElement?.blur(); // what is being typed counts
  await keep();
  if (!dirty && !server.problem) form.submit();
});
window.addEventListener("pagehide", keep);
if (!boxes) for (const id of ["draw", "nearer", "farther"]) by(id).hidden = true;
show();
say(server.saved ? "As saved." : "Not saved as a version yet.");
if (history.isUnsent) {
  fields = JSON.parse(history.now);
  keepSoon();
  show();
}
if (server.busy) ask();
