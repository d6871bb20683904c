// A document's page: enlarge the scan, copy a value, hear it read aloud, find a number's place.
const scan = document.querySelector(".scan-window");
const picture = scan?.querySelector(".scan-picture");
const STEPS = [1, 1.5, 2, 3, 4, 6, 8];
let step = 0;

function zoom(to) {
  step = Math.min(Math.max(to, 0), STEPS.length - 1);
  const middle = [(scan.scrollLeft + scan.clientWidth / 2) / scan.scrollWidth, (scan.scrollTop + scan.clientHeight / 2) / scan.scrollHeight];
  scan.classList.remove("whole");
  picture.style.width = `${100 * STEPS[step]}%`;
  scan.scrollTo({ left: middle[0] * scan.scrollWidth - scan.clientWidth / 2, top: middle[1] * scan.scrollHeight - scan.clientHeight / 2, behavior: "instant" });
}

function mark(card) {
  for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
  card.classList.add("current");
  const place = document.querySelector(`.scan a[href="#${card.id}"]`);
  place?.classList.add("current");
  return place;
}

if (scan) {
  document.querySelector(".scan-tools").hidden = false;
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      zoom({ in: step + 1, out: step - 1, fit: 0 }[button.dataset.zoom]);
      if (button.dataset.zoom === "fit") scan.classList.add("whole");
    });
  }
  scan.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(step + (event.deltaY < 0 ? 1 : -1));
  }, { passive: false });
  scan.addEventListener("keydown", (event) => {
    const to = { "+": step + 1, "=": step + 1, "-": step - 1, 0: 0 }[event.key];
    if (to !== undefined) zoom(to);
  });
  scan.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) mark(document.querySelector(link.getAttribute("href")));
  });
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest(".number");
    if (card) mark(card);
  });
}

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
  const card = scan && event.target.closest(".number");
  if (card) mark(card);
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
