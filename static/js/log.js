// The forms of a session: an id made on this phone, answers that are a tap, one sending per tap.
const form = document.querySelector("form[data-log]");

if (form) {
  makeId();
  for (const stepper of form.querySelectorAll("[data-stepper]")) step(stepper);
  for (const row of form.querySelectorAll("[data-days]")) offerDays(row);
  for (const row of form.querySelectorAll("[data-reasons]")) offerReasons(row);
  form.addEventListener("submit", sendOnce);
  // Coming back with the browser's button must not leave the form dead.
  window.addEventListener("pageshow", () => setSending(false));
}

function makeId() {
  const id = form.querySelector('input[name="id"]');
  // Only a fresh form gets a new id: one that came back with errors keeps its own.
  if (id && !form.querySelector("[data-refused]") && window.crypto?.randomUUID) {
    id.value = crypto.randomUUID();
  }
}

function step(stepper) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("button[data-by]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const by = Number(button.dataset.by) * Number(input.dataset.step || 1);
      input.value = Math.max(1, (Number(input.value) || 0) + by);
    });
  }
}

// The server says which day it is: the phone's clock may be wrong.
function offerDays(row) {
  const input = row.parentElement.querySelector("input[type=date]");
  const buttons = [...row.querySelectorAll("button[data-ago]")];
  const dayOf = (button) => {
    const day = new Date(`${form.dataset.today}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() - Number(button.dataset.ago));
    return day.toISOString().slice(0, 10);
  };
  const show = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(input.value === dayOf(button)));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      input.value = dayOf(button);
      show();
    });
  }
  input.addEventListener("input", show);
  row.hidden = false;
  show();
}

function offerReasons(row) {
  const input = row.parentElement.querySelector("input");
  const buttons = [...row.querySelectorAll("button")];
  const show = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(input.value === button.textContent));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      input.value = button.textContent;
      show();
    });
  }
  input.addEventListener("input", show);
  row.hidden = false;
  show();
}

function sendOnce(event) {
  if (form.dataset.sent) event.preventDefault();
  else setSending(true);
}

function setSending(sending) {
  const button = form.querySelector("button[data-sending]");
  if (sending) {
    form.dataset.sent = "1";
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.sending;
  } else {
    delete form.dataset.sent;
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}
