// The field in which a cell of a grid is edited. It lies over the cell, and there is one for all cells. What the typed text
// means is shown while it is typed, where it does not say so itself.
const ECHO_MILLISECONDS = 100;

export class CellEditor {
  input = Object.assign(document.createElement("input"), {
    className: "cell-editor",
    type: "text",
    autocomplete: "off",
    spellcheck: false,
    maxLength: 120,
  });

  place = null;

  first = "";

  candidates = [];

  #echo;

  #timer = 0;

  constructor(echo) {
    this.#echo = echo;
    this.input.addEventListener("input", () => this.#ask());
    echo.addEventListener("htmx:beforeSwap", (event) => {
      if (!this.isOpen) event.detail.shouldSwap = false;
    });
  }

  get isOpen() {
    return this.place !== null;
  }

  get text() {
    return this.input.value.trim();
  }

  // What the site showed as the text's meaning; it goes with the decision.
  get echoed() {
    return this.#echo.querySelector("[name=echoed]")?.value ?? "";
  }

  // `first` is what stands in the cell; `text` is what the field begins with, which may be the key that opened it.
  open(place, text, { first, candidates, isRefused }) {
    this.place = place;
    this.first = first;
    this.candidates = candidates;
    this.input.value = text;
    this.input.ariaLabel = place.dataset.label;
    this.input.ariaInvalid = isRefused ? "true" : null;
    place.append(this.input);
    this.input.focus({ preventScroll: true });
    this.input.setSelectionRange(text.length, text.length);
  }

  close() {
    clearTimeout(this.#timer);
    this.#echo.replaceChildren();
    this.place = null;
    this.input.remove();
  }

  // The reader's other likely values, one after the other.
  fill(by) {
    if (!this.candidates.length) return;
    const here = this.candidates.indexOf(this.text);
    const next = here < 0 ? (by > 0 ? 0 : -1) : (here + by) % this.candidates.length;
    this.input.value = this.candidates.at(next);
    this.#ask();
  }

  #ask() {
    clearTimeout(this.#timer);
    const [address, echo] = [`${this.place.dataset.address}echo/`, this.#echo];
    const values = { value: this.text };
    this.#timer = setTimeout(() => htmx.ajax("POST", address, { source: echo, target: echo, swap: "innerHTML", values }), ECHO_MILLISECONDS);
  }
}
