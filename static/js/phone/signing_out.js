// On the ordinary phone pages: signing out asks when something waits on this phone.
import { loadClock } from "./clock.js";
import { contact } from "./contact.js";
import { watchSignOut } from "./leaving.js";
import { meta, usable } from "./store.js";

async function begin() {
  if (!(await usable())) return;
  await loadClock();
  window.addEventListener("pageshow", (event) => event.persisted && finishLeaving());
  watchSignOut(contact, gone);
  await finishLeaving();
}

// They signed out while there was no network, and the server may still take them for signed in.
async function finishLeaving() {
  if (!(await meta("leaving"))) return;
  empty();
  if ((await contact()).signIn) location.reload();
}

// Without a network no other page comes, but the phone's own where its worker is installed.
async function gone() {
  empty();
  window.addEventListener("online", finishLeaving);
  if (window.caches && (await caches.match("/m/shell/"))) location.replace("/m/");
}

// The page still shows whose it was.
function empty() {
  const note = document.querySelector("[data-signed-out]");
  note.hidden = false;
  document.body.replaceChildren(note);
}

begin();
