// A document's page: a number's card and its place on the scan mark each other.
import "./cards.js";
import { scan } from "./scan.js";

function mark(card) {
  for (const old of document.querySelectorAll(".current")) old.classList.remove("current");
  card.classList.add("current");
  document.querySelector(`.scan a[href="#${card.id}"]`)?.classList.add("current");
}

if (scan) {
  scan.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) mark(document.querySelector(link.getAttribute("href")));
  });
  for (const happened of ["focusin", "click"]) {
    document.addEventListener(happened, (event) => {
      const card = event.target.closest(".number[id]");
      if (card) mark(card);
    });
  }
}
