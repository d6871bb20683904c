// The cards of numbers and fields: copy a value, hear it read aloud, fill in another, go on in a field that asks for more.
function wake(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const button of root.querySelectorAll("[data-speak]")) button.hidden = !("speechSynthesis" in window);
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = [...button.childNodes];
  const label = button.ariaLabel;
  button.textContent = "Copied";
  button.ariaLabel = null;
  setTimeout(() => {
    button.replaceChildren(...before);
    button.ariaLabel = label;
  }, 1500);
}

function speak(button) {
  speechSynthesis.cancel();
  const words = Object.assign(new SpeechSynthesisUtterance(button.dataset.speak), { lang: "en-GB", rate: 0.9 });
  speechSynthesis.speak(words);
}

// In a value's field Alt with the arrow down fills in the reader's next value, with the arrow up the one before. Arrows
// alone are how a screen reader reads the field again.
document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isAltAlone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!by || !isAltAlone || !event.target.matches("[aria-keyshortcuts~='Alt+ArrowDown']")) return;
  const buttons = [...event.target.form.querySelectorAll("[name=fill]")];
  const filled = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  const next = buttons[filled + by] ?? buttons.at(by > 0 ? 0 : -1);
  event.preventDefault();
  next.click();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-speak]");
  if (button?.matches("[data-copy]")) copy(button);
  else if (button) speak(button);
});

// An answer that asks for more gets the focus only where nothing else has it: whoever went on meanwhile types on there.
// (htmx would give it to `autofocus` in any case, and after a delay.)
function goOn(swapped) {
  if (document.activeElement === document.body) swapped.querySelector("[data-focus]")?.focus();
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  wake(document);
  goOn(event.target);
});
wake(document);
