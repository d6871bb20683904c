// The boxes over the sample: drawn, moved and resized with mouse, touch or keys. Places are shares of the sheet.
import { told } from "./layout-fields.js";

const LEAST = 0.012;
const STEP = 0.004;
const SIDES = ["nw", "ne", "se", "sw"];
const between = (low, value, high) => Math.min(Math.max(value, low), high);
const rounded = (place) => place.map((share) => Math.round(share * 1e4) / 1e4);

export class Boxes {
  // `on` has drawn(place), moved(index, place), chosen(index), removed(index).
  constructor(sheet, on) {
    this.sheet = sheet;
    this.on = on;
    this.drawing = false;
    sheet.addEventListener("pointerdown", (event) => this.#down(event));
    sheet.addEventListener("keydown", (event) => this.#key(event));
    sheet.addEventListener("focusin", (event) => {
      const box = event.target.closest(".box");
      if (box) this.on.chosen(Number(box.dataset.index));
    });
  }

  show(fields, chosen, readings) {
    const focused = document.activeElement?.closest?.(".box")?.dataset.index;
    this.sheet.querySelectorAll(".box").forEach((box) => box.remove());
    fields.forEach((field, index) => this.sheet.append(this.#box(field, index, index === chosen, readings?.[index])));
    if (focused !== undefined) this.sheet.querySelector(`.box[data-index="${focused}"]`)?.focus({ preventScroll: true });
  }

  #box(field, index, chosen, reading) {
    const box = document.createElement("div");
    box.className = "box";
    box.dataset.index = index;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `${field.name || "no name"}${reading?.value ? `, reads ${told(reading.value)}` : ""}`);
    box.classList.toggle("chosen", chosen);
    box.classList.toggle("doubt", Boolean(reading) && field.kind !== "show" && !reading.accepted);
    box.append(Object.assign(document.createElement("span"), { className: "box-name", textContent: [field.name, told(reading?.value ?? "")].filter(Boolean).join(": ") }));
    for (const side of SIDES) {
      const grip = Object.assign(document.createElement("span"), { className: "grip" });
      grip.dataset.side = side;
      box.append(grip);
    }
    this.#put(box, field.place);
    return box;
  }

  #put(box, [left, top, right, bottom]) {
    Object.assign(box.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%` });
    box.classList.toggle("high", top < 0.05);
    box.place = [left, top, right, bottom];
  }

  #at(event) {
    const area = this.sheet.getBoundingClientRect();
    return [between(0, (event.clientX - area.left) / area.width, 1), between(0, (event.clientY - area.top) / area.height, 1)];
  }

  #down(event) {
    if (event.button !== 0) return;
    const box = event.target.closest(".box");
    const touch = event.pointerType !== "mouse";
    if (touch && !this.drawing && !box?.classList.contains("chosen")) return; // a finger scrolls, or taps to choose
    event.preventDefault();
    if (box && !this.drawing) {
      const side = event.target.dataset.side;
      box.focus({ preventScroll: true });
      // Choosing it has drawn all boxes anew.
      const own = this.sheet.querySelector(`.box[data-index="${box.dataset.index}"]`);
      this.#follow(event, own, side ? resized(own.place, side) : moved(own.place), (place) => this.on.moved(Number(own.dataset.index), place));
      return;
    }
    const fresh = this.#box({ name: "", kind: "show", place: [0, 0, 0, 0] }, -1, false);
    this.sheet.append(fresh);
    const start = this.#at(event);
    this.#follow(event, fresh, (_by, now) => [Math.min(start[0], now[0]), Math.min(start[1], now[1]), Math.max(start[0], now[0]), Math.max(start[1], now[1])], (place) => {
      fresh.remove();
      if (place[2] - place[0] >= LEAST && place[3] - place[1] >= LEAST) this.on.drawn(place);
      else if (document.activeElement?.closest?.(".box")) document.activeElement.blur();
    });
  }

  #follow(event, box, change, done) {
    const start = this.#at(event);
    let place = box.place;
    const move = (later) => {
      if (later.pointerId !== event.pointerId) return;
      const now = this.#at(later);
      place = change([now[0] - start[0], now[1] - start[1]], now);
      this.#put(box, place);
    };
    const end = (last) => {
      if (last.pointerId !== event.pointerId) return;
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
      done(rounded(place));
    };
    const listeners = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
  }

  #key(event) {
    const box = event.target.closest(".box");
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = Number(box.dataset.index);
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (by) this.on.moved(index, rounded((event.shiftKey ? resized(box.place, "se") : moved(box.place))(by)));
    else if (event.key === "Delete" || event.key === "Backspace") this.on.removed(index);
    else return;
    event.preventDefault();
  }
}

function moved([left, top, right, bottom]) {
  return ([x, y]) => {
    const across = between(-left, x, 1 - right);
    const down = between(-top, y, 1 - bottom);
    return [left + across, top + down, right + across, bottom + down];
  };
}

function resized([left, top, right, bottom], side) {
  return ([x, y]) => [
    side.endsWith("w") ? between(0, left + x, right - LEAST) : left,
    side.startsWith("n") ? between(0, top + y, bottom - LEAST) : top,
    side.endsWith("e") ? between(left + LEAST, right + x, 1) : right,
    side.startsWith("s") ? between(top + LEAST, bottom + y, 1) : bottom,
  ];
}
