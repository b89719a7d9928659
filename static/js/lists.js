// Lists: marks a page of rows at once, says what a swap brought, keeps the focus where one was.
// Without it everything works by links, boxes and buttons.
const list = () => document.getElementById("list");
const boxes = () => document.querySelectorAll('#list input[name="row"]');
let cause = null;

function count() {
  const bulk = document.getElementById("bulk");
  if (!bulk) return;
  const marked = [...boxes()].filter((box) => box.checked).length;
  const all = bulk.querySelector('[name="all"]').checked;
  const output = bulk.querySelector("output");
  output.textContent = marked && !all ? output.dataset.marked.replace("{}", marked) : "";
  const page = bulk.querySelector("[data-mark-page]");
  page.hidden = false;
  page.querySelector("input").checked = marked > 0 && marked === boxes().length;
}

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-mark-page]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.closest("#bulk") || event.target.name === "row") count();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  cause = event.detail.elt;
  list()?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "list" && event.target.id !== "list") return;
  count();
  document.getElementById("list-said").textContent = list().dataset.said;
  // Who turned the page reads on from the top; who sorted or filtered stays where they were.
  if (cause?.closest(".pager, .panel-menu")) {
    list().focus({ preventScroll: true });
    list().scrollIntoView({ block: "start" });
  }
});

for (const failed of ["htmx:responseError", "htmx:sendError"]) {
  // The address that could not be fetched quietly is opened as any link is, and says why.
  document.addEventListener(failed, (event) => {
    list()?.removeAttribute("aria-busy");
    const path = event.detail.pathInfo?.finalRequestPath ?? event.detail.requestConfig?.path;
    if (failed === "htmx:responseError" && path) window.location.assign(path);
  });
}

count();
