// On the sign-in page: nobody is signed in on this phone now. What waits stays, and is counted.
import { nobodyIsHere } from "./leaving.js";
import { waitingOfOthers } from "./outbox.js";
import { usable } from "./store.js";

async function begin() {
  if (!(await usable())) return;
  await nobodyIsHere();
  const count = await waitingOfOthers(null);
  const note = document.querySelector("[data-waiting-here]");
  if (!note || !count) return;
  note.querySelector("[data-count]").textContent = String(count);
  note.hidden = false;
}

begin();
