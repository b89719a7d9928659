// On the ordinary phone pages: signing out asks when something waits on this phone.
import { loadClock } from "./clock.js";
import { contact } from "./contact.js";
import { watchSignOut } from "./leaving.js";
import { usable } from "./store.js";

async function begin() {
  if (!(await usable())) return;
  await loadClock();
  // This page still shows whose it was; the phone page opens without a network, and shows nobody.
  watchSignOut(contact, () => location.assign("/m/"));
}

begin();
