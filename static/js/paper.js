// A paper sheet by keyboard alone: Enter and the arrows go from row to row, Ctrl+Enter saves.
// Without this script it is an ordinary form.
const paper = document.querySelector("form[data-paper]");

if (paper) {
  const button = paper.querySelector("button[type=submit]");
  let sending = false;
  paper.addEventListener("keydown", (event) => onKey(event, button));
  paper.addEventListener("input", (event) => {
    showName(event.target);
    count();
  });
  paper.addEventListener("submit", (event) => {
    if (sending) event.preventDefault();
    sending = true;
    button.textContent = button.dataset.sending;
  });
  const label = button.textContent;
  window.addEventListener("pageshow", () => {
    sending = false;
    button.textContent = label;
  });
  // What was typed is not lost by a wrong key.
  window.addEventListener("beforeunload", (event) => {
    if (!sending && typed() > 0) event.preventDefault();
  });
  for (const input of paper.querySelectorAll('input[name$="-group"]')) showName(input);
  const fault = paper.querySelector("[data-faulty] [aria-invalid=true]");
  if (fault) {
    fault.focus();
    fault.select();
  }
  count();
}

function onKey(event, button) {
  if (event.isComposing || event.target.tagName !== "INPUT") return;
  const moves = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in moves) || event.altKey || event.shiftKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    button.click();
    return;
  }
  event.preventDefault();
  go(event.target, moves[event.key], event.key === "Enter");
}

// Enter goes to the first cell of the next row, the arrows stay in their column.
function go(input, by, toFirst) {
  const rows = [...paper.querySelectorAll("tr[data-row]")];
  const at = rows.indexOf(input.closest("tr"));
  const row = rows[at + by] || (by > 0 ? anotherRow(rows[at]) : null);
  if (!row) return;
  const cells = cellsOf(row);
  const name = column(input);
  const same = cells.find((cell) => column(cell) === name);
  const next = (!toFirst && same) || cells[0];
  next.focus();
  next.select();
}

function cellsOf(row) {
  return [...row.querySelectorAll("input:not([type=hidden])")];
}

function column(input) {
  return input.name.replace(/^.*-/, "");
}

// The last free row is in use: one more.
function anotherRow(last) {
  const total = paper.querySelector('input[name$="-TOTAL_FORMS"]');
  const number = Number(total.value);
  if (number >= Number(paper.dataset.most) || !cellsOf(last).some((cell) => cell.value)) return null;
  const free = paper.querySelector("[data-free]");
  const row = document.importNode(paper.querySelector("template[data-spare]").content, true).querySelector("tr");
  for (const input of row.querySelectorAll("input")) {
    input.name = input.name.replace("__prefix__", number);
    input.id = input.id.replace("__prefix__", number);
    if (column(input) === "id") input.value = newId();
  }
  total.value = number + 1;
  free.append(row);
  return row;
}

function newId() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// The group's name beside its number, so that a slip is seen at once.
function showName(input) {
  const row = input.closest("tr");
  const shown = row && row.querySelector("[data-group-name]");
  if (!shown || column(input) !== "group") return;
  const known = document.querySelector(`[data-number="${Number(input.value) || 0}"]`);
  shown.textContent = input.value && known ? known.dataset.name : "";
}

function typed() {
  return [...paper.querySelectorAll('input[name$="-participants"]')].filter((input) => input.value.trim()).length;
}

function count() {
  const shown = paper.querySelector("[data-count]");
  const number = typed();
  shown.textContent = number ? shown.dataset.count.replace("{}", number) : "";
}
