// Answers that are a tap: numbers in steps, the usual days, the usual reasons.

export function bringToLife(form, today) {
  for (const stepper of form.querySelectorAll("[data-stepper]")) step(stepper);
  for (const row of form.querySelectorAll("[data-days]")) offer(row, "input[type=date]", dayOf);
  for (const row of form.querySelectorAll("[data-reasons]")) offer(row, "input", textOf);

  // Who calls says which day it is: the phone's own clock may be wrong.
  function dayOf(button) {
    const day = new Date(today + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() - Number(button.dataset.ago));
    return day.toISOString().slice(0, 10);
  }
}

function textOf(button) {
  return button.textContent;
}

function step(stepper) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("button[data-by]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const by = Number(button.dataset.by) * Number(input.dataset.step || 1);
      input.value = Math.max(1, (Number(input.value) || 0) + by);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// Buttons that fill the field beside them; the one whose value stands there is pressed.
function offer(row, selector, valueOf) {
  const input = row.parentElement.querySelector(selector);
  const buttons = Array.prototype.slice.call(row.querySelectorAll("button"));
  const show = () => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(input.value === valueOf(button)));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      input.value = valueOf(button);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  input.addEventListener("input", show);
  row.hidden = false;
  show();
}
