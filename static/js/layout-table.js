// The field of a table: the list of its columns, and how it reads on the sample.
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const sizeOf = (table) => `${counted(table.rows.length, "row")}, ${counted(table.columns.length, "column")}`;

export class Columns {
  // `set(index, columns)` is called with the number of the field and its columns.
  constructor(fields, set) {
    this.template = document.getElementById("column");
    this.set = set;
    fields.addEventListener("change", (event) => {
      const list = event.target.closest("[data-columns]");
      if (list) this.#tell(list, columnsIn(list));
    });
    fields.addEventListener("click", (event) => {
      const button = event.target.closest("[data-column-act]");
      if (button) this.#act(button);
    });
    fields.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const row = event.target.closest("[data-columns] > li");
      if (!by || !row || !event.target.matches("input") || !event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#move(row, by, event.target);
    });
  }

  show(item, columns) {
    this.#fill(item.querySelector("[data-columns]"), columns, document.activeElement);
  }

  #tell(list, columns) {
    this.set(Number(list.closest(".layout-field").dataset.index), columns);
  }

  #act(button) {
    const { columnAct: act } = button.dataset;
    const row = button.closest("li li");
    if (act === "add") this.#add(button.closest(".layout-columns").querySelector("[data-columns]"));
    else if (act === "remove") this.#remove(row);
    else this.#move(row, act === "up" ? -1 : 1, button);
  }

  #add(list) {
    const columns = columnsIn(list);
    const taken = new Set(columns.map((column) => column.name));
    let count = columns.length + 1;
    while (taken.has(`Column ${count}`)) count += 1;
    this.#tell(list, [...columns, { name: `Column ${count}`, kind: "number" }]);
    const name = list.lastElementChild.querySelector("input");
    name.focus();
    name.select();
  }

  #remove(row) {
    const list = row.parentElement;
    const at = [...list.children].indexOf(row);
    const columns = columnsIn(list).toSpliced(at, 1);
    this.#fill(list, columns);
    list.children[Math.min(at, columns.length - 1)].querySelector("input").focus();
    this.#tell(list, columns);
  }

  // The control that was used stays in hand: the one of the same kind beside the moved column has the focus.
  #move(row, by, control) {
    const list = row.parentElement;
    const at = [...list.children].indexOf(row);
    const to = at + by;
    const columns = columnsIn(list);
    if (!columns[to]) return;
    [columns[at], columns[to]] = [columns[to], columns[at]];
    this.#fill(list, columns);
    const place = controlsOf(row).indexOf(control);
    const next = controlsOf(list.children[to]);
    (next[place].disabled ? next[0] : next[place]).focus();
    this.#tell(list, columns);
  }

  // A name that is being typed stays.
  #fill(list, columns, typedIn = null) {
    while (list.children.length > columns.length) list.lastElementChild.remove();
    columns.forEach((column, at) => {
      const row = list.children[at] ?? list.appendChild(this.template.content.cloneNode(true).querySelector("li"));
      const [name, kind, up, down, remove] = controlsOf(row);
      if (name !== typedIn) name.value = column.name;
      kind.value = column.kind;
      [up.disabled, down.disabled, remove.disabled] = [at === 0, at === columns.length - 1, columns.length === 1];
      name.setAttribute("aria-label", `Name of column ${at + 1}`);
      kind.setAttribute("aria-label", `What column ${at + 1} holds`);
      up.setAttribute("aria-label", `Move column ${at + 1} to the left`);
      down.setAttribute("aria-label", `Move column ${at + 1} to the right`);
      remove.setAttribute("aria-label", `Remove column ${at + 1}`);
    });
  }
}

const controlsOf = (row) => [...row.querySelectorAll("input, select, button")];

function columnsIn(list) {
  return [...list.children].map((row) => {
    const [name, kind] = controlsOf(row);
    return { name: name.value.trim(), kind: kind.value };
  });
}

export function showTable(place, table) {
  place.hidden = !table;
  if (!table) return place.replaceChildren();
  const shown = document.createElement("table");
  const heads = shown.createTHead().insertRow();
  for (const name of table.columns) heads.append(Object.assign(document.createElement("th"), { scope: "col", textContent: name }));
  const body = shown.createTBody();
  for (const row of table.rows) {
    const line = body.insertRow();
    for (const cell of row) {
      const made = Object.assign(line.insertCell(), { rowSpan: cell.rows, colSpan: cell.columns });
      made.textContent = cell.value ? `${cell.value}${cell.accepted ? "" : " ?"}` : cell.checks.length ? "…" : "";
      made.classList.toggle("doubt", Boolean(cell.value) && !cell.accepted);
    }
  }
  place.replaceChildren(shown);
}
