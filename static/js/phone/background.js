// The worker's part of sending: what waits goes when the network returns, without any page.
import { loadClock } from "./clock.js";
import { contact } from "./contact.js";
import { rowsOf } from "./outbox.js";
import { meta } from "./store.js";

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(send());
});

const TRIES = 5;
const BUSY = 3000;

async function send() {
  // As the page does it (loop.js): nobody looks, and many phones come back at once.
  const spread = 1000 * (self.SHELL.spread || 0);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * spread));
  await loadClock();
  let outcome = await contact(false);
  // A page is at it; it may be closed before it is done.
  for (let tries = 1; outcome.busy && tries < TRIES; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, BUSY));
    outcome = await contact(false);
  }
  // Somebody has to sign in first: the browser need not come back.
  if (outcome.busy || outcome.signIn) return;
  const left = (await rowsOf(await meta("current"))).some((row) => row.state === "waiting");
  // A rejection makes the browser try again later.
  if (!outcome.reached || left) throw new Error("waiting");
}
