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

// A search that is under way is not worth an answer once another is asked for; a reading that failed to arrive is.
document.body.addEventListener("htmx:sendError", () => {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = "The connection broke off. Check it, then reload the page.";
  if (!toasts.textContent.includes(toast.textContent)) toasts.append(toast);
});
