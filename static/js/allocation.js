// While targets are typed: what the areas come to together. The server says the same on saving.
"use strict";

(function () {
  const form = document.querySelector("[data-allocation]");
  if (!form) { return; }
  const asked = Number(form.dataset.asked);
  const tolerance = Number(form.dataset.tolerance);
  const cells = Array.from(form.querySelectorAll("[data-weight]"));
  const reached = form.querySelector("[data-reached]");
  const difference = form.querySelector("[data-difference]");
  const tag = form.querySelector("[data-adds-up]");
  const percent = reached.textContent.trim().endsWith("%") ? "%" : "";

  function text(number) {
    return String(Math.round(number * 1000) / 1000) + percent;
  }

  function add() {
    let whole = 0;
    let sum = 0;
    for (const cell of cells) {
      const entered = cell.querySelector("input").value.trim();
      const weight = Number(cell.dataset.weight);
      if (entered === "" || Number.isNaN(Number(entered))) { sum = NaN; break; }
      whole += weight;
      sum += weight * Number(entered);
    }
    const mean = whole ? sum / whole : NaN;
    const known = !Number.isNaN(mean);
    const fits = known && Math.abs(mean - asked) <= tolerance + 1e-9;
    reached.textContent = known ? text(mean) : "—";
    difference.textContent = known ? (mean > asked ? "+" : mean < asked ? "−" : "±") + text(Math.abs(mean - asked)) : "—";
    tag.classList.toggle("pace-reached", fits);
    tag.classList.toggle("pace-behind", !fits);
    tag.querySelector("[data-word]").textContent = fits ? tag.dataset.yes : tag.dataset.no;
  }

  form.addEventListener("input", add);
})();
