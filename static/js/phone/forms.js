// The form engine: clones a form that the server rendered, fills it, reads it, shows what is wrong.
import { today } from "./clock.js";
import { shrink } from "./photos.js";
import { fill, say } from "./texts.js";
import { bringToLife } from "./widgets.js";

// Not part of a body: the id is the submission's, the photo goes on its own way.
const BESIDE = ["id", "photo", "version", "csrfmiddlewaretoken"];
let showing = null;
// Where the list stood when the form was opened; null once something was entered: then its top.
let before = null;

// The page says itself where it stands after a form.
if ("scrollRestoration" in history) history.scrollRestoration = "manual";

export function hasForm(kind) {
  return Boolean(document.querySelector('template[data-form="' + kind + '"]'));
}

export function isShowing() {
  return showing !== null;
}

// `plan`: {kind, title, hint, values, choices: {field: [[value, text]]}, errors, error, submit,
// startOn}. `startOn(day)` is the hour that is usual on a day.
// `submit(body, photo, changedFields)` resolves to null when it is kept, or {error, errors}.
export function openForm(plan) {
  const template = document.querySelector('template[data-form="' + plan.kind + '"]');
  const view = document.querySelector('[data-view="form"]');
  const page = template.content.cloneNode(true);
  view.textContent = "";
  view.appendChild(page);
  const form = view.querySelector("form");
  fill(view, { title: plan.title, hint: plan.hint || null });
  offer(form, plan.choices || {});
  put(form, plan.values);
  const day = form.elements.held_on;
  if (day) day.max = today();
  bringToLife(form, today());
  if (plan.startOn) followDay(form, plan.startOn);
  const original = bodyOf(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, plan, original);
  });
  for (const back of view.querySelectorAll("[data-back]")) {
    back.addEventListener("click", (event) => {
      event.preventDefault();
      history.back();
    });
  }
  if (plan.error || plan.errors) complain(form, plan.error, plan.errors || {});
  if (!showing) history.pushState({ form: plan.kind }, "");
  showing = plan;
  before = window.scrollY;
  swap(true, 0);
  const heading = view.querySelector("h1");
  heading.focus();
}

export function closeForm() {
  if (!showing) return;
  showing = null;
  swap(false, before || 0);
  document.querySelector('[data-view="form"]').textContent = "";
}

// The phone's own back button closes the form.
window.addEventListener("popstate", closeForm);

function swap(toForm, place) {
  document.querySelector('[data-view="form"]').hidden = !toForm;
  document.querySelector('[data-view="today"]').hidden = toForm;
  window.scrollTo(0, place);
}

// Another day has its own usual hour, unless somebody said which.
function followDay(form, startOn) {
  const day = form.elements.held_on;
  const start = form.elements.start_time;
  let offered = start.value;
  day.addEventListener("input", () => {
    if (start.value !== offered || !day.value) return;
    offered = startOn(day.value) || offered;
    start.value = offered;
  });
}

function offer(form, choices) {
  for (const name of Object.keys(choices)) {
    const select = form.elements[name];
    if (!select || !select.options) continue;
    for (const [value, text] of choices[name]) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = text;
      select.appendChild(option);
    }
  }
}

function put(form, values) {
  for (const name of Object.keys(values)) {
    const field = form.elements[name];
    if (!field || values[name] === null || values[name] === undefined) continue;
    field.value = values[name];
  }
  // Something stands in the folded part that is not usual: it must be seen.
  for (const more of form.querySelectorAll("details")) {
    more.open = Boolean(more.querySelector("[name=note]") && values.note);
  }
}

function fieldsOf(form) {
  return Array.prototype.filter.call(
    form.elements,
    (field) => field.name && BESIDE.indexOf(field.name) < 0
  );
}

function bodyOf(form) {
  const body = {};
  for (const field of fieldsOf(form)) {
    const text = field.value.trim();
    body[field.name] = field.type === "number" && text !== "" ? Number(text) : text;
  }
  return body;
}

async function submit(form, plan, original) {
  if (form.dataset.busy) return;
  const errors = faults(form);
  complain(form, Object.keys(errors).length ? say("not_saved") : "", errors);
  if (Object.keys(errors).length) return;
  form.dataset.busy = "1";
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    const body = bodyOf(form);
    const changes = {};
    for (const name of Object.keys(body)) {
      if (body[name] !== original[name]) changes[name] = body[name];
    }
    const wrong = await plan.submit(body, await photoOf(form), changes);
    if (wrong) complain(form, wrong.error, wrong.errors || {});
    else leave(plan);
  } catch (error) {
    if (error.message !== "no picture") throw error;
    complain(form, say("not_saved"), { photo: [say("no_picture")] });
  } finally {
    delete form.dataset.busy;
    button.disabled = false;
  }
}

function leave(plan) {
  if (showing !== plan) return;
  before = null;
  history.back();
}

async function photoOf(form) {
  const field = form.elements.photo;
  return field && field.files && field.files[0] ? shrink(field.files[0]) : null;
}

function faults(form) {
  const errors = {};
  for (const field of fieldsOf(form)) {
    if (field.validity.valid) continue;
    const missing = field.validity.valueMissing;
    const future = field.type === "date" && field.validity.rangeOverflow;
    errors[field.name] = [say(missing ? "field_missing" : future ? "field_future" : "field_wrong")];
  }
  return errors;
}

// What is wrong stands beside the field, and above all of it; the first one gets the focus.
export function complain(form, text, errors) {
  for (const old of form.querySelectorAll("[data-fault]")) old.parentNode.removeChild(old);
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.closest(".field").classList.remove("has-error");
  }
  const top = form.querySelector("[data-complaint]");
  const beside = [text];
  for (const name of Object.keys(errors)) {
    const field = form.elements[name];
    if (!field || field.type === "hidden") beside.push(errors[name].join(" "));
    else mark(field, errors[name]);
  }
  top.textContent = beside.filter(Boolean).join(" ");
  top.hidden = !top.textContent;
  const first = form.querySelector("[aria-invalid]") || (top.hidden ? null : top);
  if (first) first.focus();
}

function mark(field, faults) {
  const box = field.closest(".field");
  box.classList.add("has-error");
  field.setAttribute("aria-invalid", "true");
  const note = document.createElement("div");
  note.className = "error";
  note.id = field.id + "_fault";
  note.dataset.fault = "";
  note.textContent = faults.join(" ");
  box.appendChild(note);
  field.setAttribute("aria-describedby", note.id);
  const folded = field.closest("details");
  if (folded) folded.open = true;
}
