// What the site answers on a cell: htmx puts the answer's cell into the grid, and its card is given to whoever asked.
export async function answerFor(place, verb, address, values = {}) {
  const holder = Object.assign(document.createElement("div"), { hidden: true });
  document.body.append(holder);
  let status = 0;
  const { sent } = place;
  holder.addEventListener("htmx:beforeSwap", (event) => {
    if (verb === "GET" && place.sent !== sent) event.detail.shouldSwap = false; // what was decided since is newer
  });
  holder.addEventListener("htmx:afterRequest", (event) => {
    status = event.detail.xhr.status;
  });
  // Where the line is broken, site.js says so, and what was typed stays.
  await htmx.ajax(verb, address, { source: holder, target: holder, swap: "innerHTML", values }).catch(() => {});
  const card = holder.querySelector(".number");
  holder.remove();
  return { status: card ? status : 0, card };
}
