// The ordinary forms of a session: an id made on this phone, one sending per tap.
import { newId } from "./ids.js";
import { bringToLife } from "./widgets.js";

const form = document.querySelector("form[data-log]");

if (form) {
  makeId();
  bringToLife(form, form.dataset.today);
  form.addEventListener("submit", sendOnce);
  // Coming back with the browser's button must not leave the form dead.
  window.addEventListener("pageshow", () => setSending(false));
}

function makeId() {
  const id = form.querySelector('input[name="id"]');
  // Only a fresh form gets a new id: one that came back with errors keeps its own.
  if (id && !form.querySelector("[data-refused]")) id.value = newId();
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
