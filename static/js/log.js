// The log form: an id made on this phone, numbers that step, and one submission per tap.
const form = document.querySelector("form[data-log]");

if (form) {
  const id = form.querySelector('input[name="id"]');
  // Only a fresh form gets a new id: one that comes back with errors keeps its own.
  if (id && !form.querySelector(".has-error, .message-error") && window.crypto?.randomUUID) {
    id.value = crypto.randomUUID();
  }
  for (const stepper of form.querySelectorAll("[data-stepper]")) {
    const input = stepper.querySelector("input");
    for (const button of stepper.querySelectorAll("button[data-by]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const by = Number(button.dataset.by) * Number(input.dataset.step || 1);
        input.value = Math.max(1, (Number(input.value) || 0) + by);
      });
    }
  }
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  // Coming back with the browser's button must not leave the form dead.
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}
