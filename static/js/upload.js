// Files one by one, each in a request of its own: one that is refused stops no other.
const AT_ONCE = 3;
// Characters of a file's name that are sent, and kept.
const NAME_LENGTH = 255;

const form = document.getElementById("upload");
const list = document.getElementById("uploads");
const status = document.getElementById("upload-status");
const waiting = [];
let running = 0;

function copyOf(template, name) {
  const row = document.getElementById(template).content.firstElementChild.cloneNode(true);
  row.querySelector(".row-name").textContent = name;
  return row;
}

function refuse({ file, row }, reason) {
  const refused = copyOf("refused", file.name);
  refused.querySelector(".row-reason").textContent = reason;
  row.replaceWith(refused);
  return refused;
}

// The key goes with the file however often it is sent: what had arrived already is not kept twice.
function offerAgain(refused, { file, key }) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Send again" });
  button.className = "button button--quiet button--small";
  button.setAttribute("aria-label", `Send again: ${file.name}`);
  button.addEventListener("click", () => {
    const row = rowOf(file);
    refused.replaceWith(row);
    waiting.push({ file, key, row });
    next();
  });
  refused.querySelector(".row-state").append(" ", button);
}

function rowOf(file) {
  const row = copyOf("sending", file.name);
  row.querySelector("progress").setAttribute("aria-label", `${file.name} sent`);
  return row;
}

// crypto.randomUUID is missing where the site has no HTTPS.
function newKey() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((number) => number.toString(36)).join("-");
}

function add(files) {
  for (const file of files) {
    const item = { file, key: newKey(), row: rowOf(file) };
    list.prepend(item.row);
    if (file.size > Number(form.dataset.limit)) {
      refuse(item, `This file is larger than the ${form.dataset.limitWords} that are read. ` +
        "Save it as JPEG, or scan fewer pages into one file.");
    } else waiting.push(item);
  }
  list.parentElement.classList.add("filled");
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    send(waiting.shift());
  }
}

function send(item) {
  const data = new FormData(form);
  data.set("idempotency_key", item.key);
  data.set("files", item.file, item.file.name.slice(-NAME_LENGTH));
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => show(item.row, event));
  request.addEventListener("loadend", () => {
    running -= 1;
    answer(request, item);
    const left = running + waiting.length;
    status.textContent = left ? `${left} file${left === 1 ? "" : "s"} to go` : "All files are sent";
    if (!left) tellAllowance();
    next();
  });
  request.send(data);
}

function show(row, { loaded, total }) {
  const share = Math.round((100 * loaded) / total);
  row.querySelector("progress").value = share;
  row.querySelector(".soft").textContent = share < 100 ? `${share} % sent` : "Sent, being checked";
}

function answer(request, item) {
  const isPlain = request.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const signedOut = !request.responseURL.startsWith(form.action);
  if (request.status === 0) {
    offerAgain(refuse(item, "The connection broke off. Send this again: what had arrived already is not kept twice."), item);
  } else if (isPlain) offerAgain(refuse(item, request.responseText), item);
  else if (request.status === 413) refuse(item, "This file is larger than what is taken here.");
  else if (signedOut || request.status === 403) refuse(item, "You are signed out. Reload the page, sign in, and send it again.");
  else if (request.status === 200 || request.status === 422) place(request.responseText, item);
  else if (request.status === 503) {
    offerAgain(refuse(item, "The site can keep no files at the moment. Send this again in a few minutes."), item);
  } else offerAgain(refuse(item, "Something broke on our side. Send this again: what had arrived already is not kept twice."), item);
}

// What is left of what a person may upload. The files' own answers could not tell: one that was counted early may come last.
async function tellAllowance() {
  const page = await fetch(form.action).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
  const told = new DOMParser().parseFromString(page, "text/html").getElementById("allowance");
  // Where the site is away, or nobody is signed in any more, the next upload tells.
  if (told) document.getElementById("allowance").replaceWith(told);
}

function place(html, item) {
  const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
  const row = content.firstElementChild;
  item.row.replaceWith(content);
  window.htmx.process(row);
  if ("later" in row.dataset) offerAgain(row, item);
}

function named(file) {
  const unnamed = file.name === "image.png";
  const now = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return unnamed ? new File([file], `Pasted ${now}.png`, { type: file.type }) : file;
}

for (const picker of form.querySelectorAll("input[type=file]")) {
  picker.addEventListener("change", () => {
    add([...picker.files]);
    picker.value = "";
  });
}
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) add([...event.clipboardData.files].map(named));
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
  });
}
document.addEventListener("drop", (event) => add([...event.dataTransfer.files]));
window.addEventListener("beforeunload", (event) => {
  if (running + waiting.length) event.preventDefault();
});
