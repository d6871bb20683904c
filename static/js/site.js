// On every page: what is there only with JavaScript is shown, and messages go away after a while.
document.documentElement.classList.add("scripted");

const TOAST_SECONDS = 8;
const UNDO_SECONDS = 30;

function leave(toast) {
  setTimeout(() => toast.remove(), 1000 * (toast.matches("form") ? UNDO_SECONDS : TOAST_SECONDS));
}

const toasts = document.getElementById("toasts");
toasts.querySelectorAll(".toast").forEach(leave);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node instanceof Element) leave(node);
  }
}).observe(toasts, { childList: true });

function warn(words) {
  const toast = Object.assign(document.createElement("p"), { className: "toast", textContent: words });
  if (!toasts.textContent.includes(words)) toasts.append(toast);
}

// What the site did not take, told by its status. Nothing on the page is swapped, so that what was typed stays.
const NOT_TAKEN = {
  400: "The site could not make sense of this. Nothing was kept. Load the page again.",
  403: "This page is from before you signed in again. Nothing was kept. What you typed stands here. Load the page again.",
  404: "This is no longer there: it was deleted, or is read again. Load the page again.",
  408: "This came too slowly. Nothing was kept. Try again with a better connection.",
  413: "This is more than the site takes at once. Nothing was kept.",
};

// Progress that was asked for goes on when the site is back; what a person sent is theirs to send again.
const AGAIN_SECONDS = 5;

function failed(event) {
  const { elt, requestConfig, xhr } = event.detail;
  const isAsking = elt.getAttribute("hx-trigger")?.startsWith("load");
  const away = event.type === "htmx:sendError" || xhr.status >= 500 || (isAsking && xhr.status === 429);
  if (away && isAsking) {
    const again = { source: elt, target: elt, swap: elt.getAttribute("hx-swap") };
    setTimeout(() => elt.isConnected && htmx.ajax("GET", requestConfig.path, again), 1000 * AGAIN_SECONDS);
    warn("The site does not answer at the moment. This page goes on as soon as it does.");
  } else if (xhr.status === 429) warn(`${xhr.responseText} Nothing was kept.`);
  else if (xhr.status in NOT_TAKEN) warn(NOT_TAKEN[xhr.status]);
  else if (away) warn("That did not work: the site does not answer as it should. Try again in a moment.");
}

// Whoever was signed out meanwhile keeps what they typed, instead of a sign-in page in its place.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL).pathname.startsWith("/accounts/login/")) return;
  event.detail.shouldSwap = false;
  warn("You are signed out. Nothing was kept. What you typed stands here until you load the page again.");
});

// What refuses a request before the site sees it answers in plain words, which are no part of a page.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.getResponseHeader("Content-Type")?.startsWith("text/plain")) return;
  event.detail.shouldSwap = false;
  event.detail.isError = true;
});

document.body.addEventListener("htmx:sendError", failed);
document.body.addEventListener("htmx:responseError", failed);
