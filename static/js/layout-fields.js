// The list of a layout's fields: what each is called, what it holds, and how it reads on the sample.
import { Columns, showTable, sizeOf } from "./layout-table.js";

const LENGTH = ["least", "most"];
const OPEN = { least: 1, most: 60 };
const NEEDS = {
  amount: { currency: "USD", decimal: ".", cents_always: true },
  date: { order: "dmy" },
  table: { columns: [{ name: "Column 1", kind: "number" }], header_rows: 1 },
};

export function nameOf(words) {
  return words.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "");
}

// The MICR line's four symbols are in few fonts.
export const told = (value) => value.replace(/[\u2446-\u2449]/g, " ").replace(/ +/g, " ").trim();

export function freshField(fields, place) {
  const taken = new Set(fields.map((field) => field.name));
  let count = fields.length + 1;
  while (taken.has(`field_${count}`)) count += 1;
  const last = fields.at(-1);
  const kind = last?.kind ?? "digits";
  const like = Object.fromEntries(Object.keys(NEEDS[kind] ?? {}).map((key) => [key, last[key]]));
  return { name: `field_${count}`, kind, ...like, place };
}

// A field with another setting; what belongs to another kind goes, what a kind needs comes.
export function withSetting(field, key, value) {
  const next = { ...field };
  if (key === "kind") {
    for (const other of ["currency", "decimal", "cents_always", "order", "length", "format", "boxed", "printed", "in_micr", "sum_of", "columns", "header_rows", "words_of", "language"]) delete next[other];
    Object.assign(next, NEEDS[value] ?? {}, { kind: value });
  } else if (LENGTH.includes(key)) {
    const [least, most] = next.length ?? [OPEN.least, OPEN.most];
    const number = Number(value) || OPEN[key];
    next.length = key === "least" ? [number, Math.max(most, number)] : [Math.min(least, number), number];
    if (next.length[0] === OPEN.least && next.length[1] === OPEN.most) delete next.length;
  } else if (key === "optional") {
    delete next.required;
    if (value) next.required = false;
  } else if (key === "header_rows") {
    next.header_rows = Number(value) || 0;
  } else if (key === "sum_of") {
    next.sum_of = value.split(",").map(nameOf).filter(Boolean);
    if (next.sum_of.length === 0) delete next.sum_of;
  } else if (value === false || value === "") {
    delete next[key];
    if (key in (NEEDS[next.kind] ?? {})) next[key] = value;
  } else next[key] = key === "currency" ? value.toUpperCase() : value;
  return next;
}

// All fields, where one is called otherwise: others may say the same, in words too, or add it up. With no new name it is gone.
export function withName(fields, old, name) {
  return fields.map((field) => {
    const next = { ...field };
    if (field.same_as === old) next.same_as = name;
    if (field.sum_of?.includes(old)) next.sum_of = field.sum_of.map((part) => (part === old ? name : part)).filter(Boolean);
    if (field.words_of === old) next.words_of = name;
    if (!next.same_as) delete next.same_as;
    if (!next.words_of) {
      delete next.words_of;
      delete next.language;
    }
    if (next.sum_of?.length < 2 && field.sum_of !== next.sum_of) delete next.sum_of;
    return next;
  });
}

// All fields, where one is no amount any more: it stands nowhere in words.
export function withoutWordsOf(fields, name) {
  return fields.map((field) => {
    if (field.words_of !== name) return field;
    const { words_of, language, ...next } = field;
    return next;
  });
}

function settingOf(field, key) {
  if (key === "sum_of") return (field.sum_of ?? []).join(", ");
  if (LENGTH.includes(key)) return field.length?.[LENGTH.indexOf(key)] === OPEN[key] ? "" : field.length?.[LENGTH.indexOf(key)] ?? "";
  if (key === "optional") return field.required === false;
  return field[key] ?? "";
}

export class FieldList {
  // `on` has set(index, key, value), chosen(index), removed(index).
  constructor(list, template, on) {
    this.list = list;
    this.template = template;
    this.columns = new Columns(list, (index, columns) => on.set(index, "columns", columns));
    list.addEventListener("change", (event) => {
      const key = event.target.dataset.key;
      if (!key) return;
      const value = event.target.type === "checkbox" ? event.target.checked : event.target.value.trim();
      on.set(this.#index(event), key, key === "name" ? nameOf(value) : value);
    });
    list.addEventListener("focusin", (event) => {
      // Choosing closes the field above: the button would move away between press and release.
      if (!event.target.closest("[data-remove]")) on.chosen(this.#index(event));
    });
    list.addEventListener("click", (event) => {
      if (event.target.closest("[data-remove]")) on.removed(this.#index(event));
    });
  }

  #index(event) {
    return Number(event.target.closest(".layout-field").dataset.index);
  }

  show(fields, chosen, readings, scroll) {
    while (this.list.children.length > fields.length) this.list.lastElementChild.remove();
    fields.forEach((field, index) => {
      const item = this.list.children[index] ?? this.#item(index);
      item.classList.toggle("chosen", index === chosen);
      this.#fill(item, field);
      this.#tell(item, field, readings?.[index]);
    });
    if (scroll) this.list.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  #item(index) {
    const item = this.template.content.cloneNode(true).querySelector("li");
    item.dataset.index = index;
    item.querySelectorAll(".field").forEach((pair, count) => {
      const [label, input] = [pair.querySelector("label"), pair.querySelector("[data-key]")];
      input.id = `field-${index}-${count}`;
      label.htmlFor = input.id;
    });
    this.list.append(item);
    return item;
  }

  #fill(item, field) {
    for (const part of item.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(field.kind);
    for (const input of item.querySelectorAll("[data-key]")) {
      const value = settingOf(field, input.dataset.key);
      if (input.type === "checkbox") input.checked = Boolean(value);
      else if (input.value !== String(value) && input !== document.activeElement) input.value = value; // no typing is lost
    }
    this.columns.show(item, field.columns ?? []);
    item.querySelector("[data-remove]").setAttribute("aria-label", `Remove ${field.name}`);
  }

  #tell(item, field, reading) {
    const value = item.querySelector(".layout-value");
    const table = reading?.table;
    const words = field.kind === "show" ? "Shown to you" : table ? sizeOf(table) : [told(reading?.value ?? "") || "Nothing read", reading?.currency].filter(Boolean).join(" ");
    value.textContent = reading ? words : "…";
    value.classList.toggle("doubt", Boolean(reading?.value) && !reading.accepted);
    showTable(item.querySelector(".layout-table"), table);
    const doubts = (reading?.checks ?? []).map((words) => Object.assign(document.createElement("li"), { textContent: words }));
    item.querySelector(".layout-doubts").replaceChildren(...doubts);
  }
}
