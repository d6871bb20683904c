// A sheet of paper: strokes are kept as points, drawn as one writes, and sent to be read when the pen is lifted.
const PAUSE = 40; // milliseconds after the last stroke; the next one takes back what is under way
const AGAIN = 150; // milliseconds until an unfinished answer is asked for again
const PEN = 14; // pixels of the canvas: about the share of a digit's height that a pen takes on paper

const paper = document.getElementById("pad");
const ink = paper.getContext("2d");
const result = document.getElementById("pad-result");
const kept = document.getElementById("pad-kept");
const buttons = Object.fromEntries(["undo", "clear", "keep"].map((name) => [name, document.getElementById(`pad-${name}`)]));
const nothing = result.innerHTML;

let strokes = [];
let drawing = null;
let timer = 0;
let asked = new AbortController();

function resize() {
  const { width, height } = paper.getBoundingClientRect();
  const ratio = 1200 / Math.max(width, 1);
  paper.width = 1200;
  paper.height = Math.round(height * ratio);
  redraw();
}

function point(event) {
  const { left, top, width, height } = paper.getBoundingClientRect();
  return [((event.clientX - left) * paper.width) / width, ((event.clientY - top) * paper.height) / height];
}

function redraw() {
  ink.fillStyle = "#fff";
  ink.fillRect(0, 0, paper.width, paper.height);
  Object.assign(ink, { strokeStyle: "#111", lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  for (const stroke of strokes) line(stroke, 0);
}

function line(stroke, from) {
  const [first, ...rest] = stroke.slice(Math.max(0, from));
  ink.beginPath();
  ink.moveTo(...first);
  if (!rest.length) ink.lineTo(first[0] + 0.1, first[1]);
  for (const to of rest) ink.lineTo(...to);
  ink.stroke();
}

function changed() {
  for (const button of Object.values(buttons)) if (button) button.disabled = !strokes.length;
  kept.textContent = "";
  clearTimeout(timer);
  asked.abort();
  result.classList.add("stale");
  if (strokes.length) timer = setTimeout(read, PAUSE);
  else empty();
}

function empty() {
  result.innerHTML = nothing;
  result.classList.remove("stale");
}

// Not toBlob: Chromium leaves that to an idle moment, which can be a second away.
function picture(name) {
  const base64 = paper.toDataURL("image/png").split(",")[1];
  return new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type: "image/png" });
}

function post(field, file, more = {}) {
  const body = new FormData();
  body.append(field, file);
  for (const [name, value] of Object.entries(more)) body.append(name, value);
  const headers = { "X-CSRFToken": paper.dataset.token, "HX-Request": "true" };
  return { method: "POST", body, headers };
}

// Each reading has a signal of its own; the next stroke aborts it, so that no stale answer is ever shown.
async function read() {
  asked = new AbortController();
  const { signal } = asked;
  try {
    let response = await fetch(paper.dataset.read, { ...post("image", picture("drawing.png")), signal });
    while (response.status === 202) {
      const waiting = parsed(await response.text());
      await new Promise((done) => setTimeout(done, AGAIN));
      response = await fetch(waiting.dataset.waiting, { headers: { "HX-Request": "true" }, signal });
    }
    show(await response.text(), response.status);
  } catch (error) {
    if (error.name !== "AbortError") say("The connection broke off. Write on, or wait a moment.");
  }
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector(".result");
}

function show(html, status) {
  const answer = parsed(html);
  if (answer) result.replaceChildren(answer);
  else say(status === 403 ? "The page has grown old. Reload it." : "Something broke on our side. Try again in a moment.");
  result.classList.remove("stale");
}

function say(words) {
  const line = Object.assign(document.createElement("p"), { className: "row-reason", textContent: words });
  result.replaceChildren(line);
  result.classList.remove("stale");
}

async function keep() {
  buttons.keep.disabled = true;
  const name = `Pad ${new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".")}.png`;
  const response = await fetch(paper.dataset.keep, post("files", picture(name), { layout: "one-number" })).catch(() => null);
  const words = response?.ok && !response.redirected ? "Kept in your history." : "It could not be kept. Reload the page and sign in again.";
  kept.textContent = words;
  if (!response?.ok) buttons.keep.disabled = false;
}

paper.addEventListener("pointerdown", (event) => {
  if (event.button || drawing) return;
  paper.setPointerCapture(event.pointerId);
  clearTimeout(timer);
  asked.abort();
  drawing = { id: event.pointerId, stroke: [point(event)] };
  strokes.push(drawing.stroke);
  line(drawing.stroke, 0);
  event.preventDefault();
});
paper.addEventListener("pointermove", (event) => {
  if (drawing?.id !== event.pointerId) return;
  const from = drawing.stroke.length - 1;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const each of events.length ? events : [event]) drawing.stroke.push(point(each));
  line(drawing.stroke, from);
});
for (const kind of ["pointerup", "pointercancel"]) {
  paper.addEventListener(kind, (event) => {
    if (drawing?.id !== event.pointerId) return;
    drawing = null;
    changed();
  });
}

function undo() {
  strokes.pop();
  redraw();
  changed();
}

function clear() {
  strokes = [];
  redraw();
  changed();
}

buttons.undo.addEventListener("click", undo);
buttons.clear.addEventListener("click", clear);
buttons.keep?.addEventListener("click", keep);
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || !strokes.length || drawing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") undo();
  else if (event.key === "Delete" || event.key === "Backspace") clear();
  else return;
  event.preventDefault();
});
window.addEventListener("resize", resize);
resize();
