// Signing out of a phone on which something waits: asked, never dropped; possible without a network.
import { changed } from "./changes.js";
import { csrfToken } from "./http.js";
import { isOpen, rowsOf } from "./outbox.js";
import { meta, setMeta, write } from "./store.js";

// `gone` is done when they left without a network: the server cannot show another page.
export function watchSignOut(sendFirst, gone = () => {}) {
  const form = document.querySelector("form[data-sign-out]");
  const question = document.querySelector("[data-leaving]");
  if (!form || !question) return;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const waiting = await whatWaits();
    if (!waiting.length) return leave(form, gone);
    question.querySelector("[data-count]").textContent = String(waiting.length);
    // The menu that the button stood in would cover the question.
    const menu = form.closest("details[open]");
    if (menu) menu.open = false;
    question.hidden = false;
    question.scrollIntoView({ block: "center" });
    return question.querySelector("button").focus();
  });
  question.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    question.hidden = true;
    if (button.dataset.leave === "send") await sendFirst();
    if (button.dataset.leave === "keep") await leave(form, gone);
    else form.querySelector("button").focus();
  });
}

async function whatWaits() {
  try {
    return (await rowsOf(await meta("current"))).filter(isOpen);
  } catch (error) {
    // What cannot be read cannot be asked about; leaving must be possible all the same.
    return [];
  }
}

// This phone forgets who was here at once; the server as soon as it can be reached.
async function leave(form, gone) {
  await forget().catch(() => {});
  changed();
  if (navigator.onLine === false) return gone();
  const field = form.elements.csrfmiddlewaretoken || form.appendChild(document.createElement("input"));
  field.type = "hidden";
  field.name = "csrfmiddlewaretoken";
  field.value = field.value || (await csrfToken());
  form.submit();
}

function forget() {
  return write(["meta", "bundles"], async (t) => {
    const author = await t.objectStore("meta").get("current");
    if (author) await t.objectStore("bundles").delete(author);
    await t.objectStore("meta").put(null, "current");
    await t.objectStore("meta").put(true, "leaving");
  });
}

// A page for somebody who is not signed in: nothing of anybody is shown from now on.
export async function nobodyIsHere() {
  await setMeta("current", null);
  await setMeta("leaving", null);
}
