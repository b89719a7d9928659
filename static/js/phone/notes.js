// What somebody above asks for, and the answer of one tap. The newest ones stay without a network;
// answering needs one, and says so.
import { request } from "./http.js";
import { clone, fill, keyed, say, shortDate } from "./texts.js";

export function drawNotes(root, state) {
  const list = root.querySelector('[data-list="notes"]');
  if (!list) return;
  const notes = (state.bundle && state.bundle.notes) || [];
  keyed(list, notes, (note) => note.key, () => clone("note"), (element, note) => {
    element.dataset.note = note.key;
    element.querySelector("[data-note-go]").href = note.url;
    element.querySelector("form").setAttribute("action", note.answer_url);
    fill(element, {
      text: note.text,
      since: shortDate(note.since),
      answered: note.answered ? say("note_answered", { said: note.answered }) : null,
    });
  });
}

// Resolves when the server knows the answer; `sent` then fetches the news.
export async function answerNote(button, sent) {
  const element = button.closest("[data-note]");
  const body = new URLSearchParams({ answer: button.value });
  button.disabled = true;
  let reply = null;
  try {
    reply = await request(element.querySelector("form").getAttribute("action"), { method: "POST", body });
  } catch (error) {
    // No answer: said below.
  }
  button.disabled = false;
  const done = Boolean(reply && reply.status === 200 && reply.data && reply.data.state === "done");
  fill(element, { failed: done ? null : say("note_failed") });
  if (!done) return;
  fill(element, { answered: say("note_answered", { said: reply.data.answered }) });
  element.querySelector("details").open = false;
  sent();
}
