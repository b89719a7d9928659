// What a tap on Today does; one listener for all, since the lists are drawn again and again.
import { changed } from "./changes.js";
import { judged, keyOf } from "./expected.js";
import * as entering from "./entering.js";
import { talkNow } from "./loop.js";
import { net } from "./notices.js";
import { answerNote } from "./notes.js";
import { discard, dismiss, retry } from "./outbox.js";
import * as running from "./running.js";
import { saveAsFile } from "./saving.js";
import { groupOf } from "./state.js";
import { say } from "./texts.js";

// `current()` is the state as it was drawn last; `sent()` says that something new wants to go.
export function listen(root, current, sent) {
  // A lost record that is entered again: the next form of a group takes its place.
  let replacing = null;

  const on = {
    "[data-open-form]": (element) => {
      const state = current();
      if (!state.bundle || !state.author) return false;
      const kind = element.dataset.openForm;
      const expected = element.closest("[data-expected]");
      const card = element.closest("[data-card]");
      if (expected) return entering.logExpected(state, oneOf(state, expected), sent) || true;
      if (card) return openGroup(state, card.dataset.card) || true;
      return entering.logOther(state, kind, element.textContent.trim(), sent) || true;
    },
    "[data-start]": (element) => {
      const state = current();
      const code = element.closest("[data-code], [data-card]").dataset;
      const group = groupOf(state, code.code || code.card);
      if (group) running.start(state.author, group);
    },
    "[data-end]": () => entering.endRunning(current(), sent),
    "[data-cancel]": () => running.stop(current().author),
    "[data-not-held]": (element) => toggle(element, element.closest("[data-expected]").querySelector("[data-why]")),
    "[data-reason]": (element) => {
      const state = current();
      const expected = element.closest("[data-expected]");
      element.closest("[data-why]").hidden = true;
      tell(entering.callOff(state, oneOf(state, expected), element.dataset.reason, sent));
    },
    "[data-held-after-all]": (element) => {
      const state = current();
      const off = oneOf(state, element.closest("[data-expected]")).off;
      tell(takeBack(state, off));
    },
    "[data-send-now]": () => talkNow(current().author),
    "[data-way]": (element) => way(current(), element),
    "[data-lost=again]": (element) => {
      const state = current();
      replacing = state.lost[0] ? state.lost[0].id : null;
      if (state.bundle.groups.length === 1) openGroup(state, state.bundle.groups[0].code);
      else {
        const groups = root.querySelector('[data-section="groups"]');
        groups.querySelector("[data-choose]").hidden = false;
        groups.querySelector("h2").focus();
        groups.scrollIntoView();
      }
      return element;
    },
    "[data-lost=dismiss]": async () => {
      const { author, lost } = current();
      await dismiss(author, lost.map((one) => one.id));
      sent();
    },
    "[data-reload]": () => location.reload(),
    "[data-answer]": (element) => answerNote(element, sent),
  };

  function openGroup(state, code) {
    const group = groupOf(state, code);
    if (!group) return false;
    const again = replacing;
    replacing = null;
    root.querySelector("[data-choose]").hidden = true;
    entering.logGroup(state, group, { sent, replaces: again, hint: again ? say("entered_again") : null });
    return true;
  }

  // There is no form that could say what went wrong.
  async function tell(entered) {
    const wrong = await entered;
    if (wrong) net.told = wrong.error;
    changed();
  }

  function takeBack(state, off) {
    const group = groupOf(state, off.code);
    if (off.row && off.row.state === "waiting" && off.row.tries === 0) return discard(off.row.id);
    return entering.heldAfterAll(state, off, group ? group.name : off.code, sent);
  }

  async function way(state, button) {
    const element = button.closest("[data-key]");
    const row = state.rows.filter((one) => one.id === element.dataset.record)[0] || null;
    const session = state.bundle && state.bundle.sessions.filter((one) => one.id === element.dataset.session)[0];
    const confirm = element.querySelector("[data-confirm]");
    const name = button.dataset.way;
    if (name === "edit") entering.openRow(state, row, sent);
    if (name === "join") await tell(entering.join(state, row, sent));
    if (name === "retry") await retry(row.id).then(sent);
    if (name === "save") saveAsFile(row);
    if (name === "correct" || name === "withdraw") entering.amendRecord(state, asRecord(row, session), name, sent);
    if (name === "discard") toggle(button, confirm, true);
    if (name === "discard-no") toggle(element.querySelector('[data-way="discard"]'), confirm, false);
    if (name === "discard-yes") await discard(row.id).then(sent);
  }

  function oneOf(state, element) {
    return judged(state).filter((one) => keyOf(one) === element.dataset.expected)[0];
  }

  function asRecord(row, session) {
    if (row) return { id: row.id, kind: row.kind, title: row.title, code: row.body.area_code, values: row.body };
    const { id, kind, title, code } = session;
    const { held_on, minutes, participants } = session;
    const values = { held_on, minutes, participants, start_time: session.start.slice(0, 5) };
    return { id, kind, title, code, values };
  }

  root.addEventListener("click", (event) => {
    for (const selector of Object.keys(on)) {
      const element = event.target.closest(selector);
      if (!element || !root.contains(element)) continue;
      // False: there is nothing to open in the page yet, the link leads to the ordinary form.
      if (on[selector](element) !== false) event.preventDefault();
      return;
    }
  });
}

function toggle(button, part, open) {
  part.hidden = open === undefined ? !part.hidden : !open;
  button.setAttribute("aria-expanded", String(!part.hidden));
  if (!part.hidden) part.querySelector("button").focus();
  else button.focus();
}
