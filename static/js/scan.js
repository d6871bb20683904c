// The scan of a page: enlarge it, and bring a place on it into view.
export const scan = document.querySelector(".scan-window");
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

// The place goes to the middle of the scan's window, unless all of it is seen there already.
export function bringIntoView(place) {
  const [seen, inside] = [scan.getBoundingClientRect(), place.getBoundingClientRect()];
  if (inside.left >= seen.left && inside.right <= seen.right && inside.top >= seen.top && inside.bottom <= seen.bottom) return;
  scan.scrollBy({
    left: (inside.left + inside.right - seen.left - seen.right) / 2,
    top: (inside.top + inside.bottom - seen.top - seen.bottom) / 2,
    behavior: "instant",
  });
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
}
