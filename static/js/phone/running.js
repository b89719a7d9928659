// A session in the square is real time: begun and ended, its length needs no typing.
import { changed } from "./changes.js";
import { cityDay, cityTime, now } from "./clock.js";
import { setMeta } from "./store.js";

const MINUTE = 60 * 1000;
// Whoever forgot to end it did not dance until morning.
const FORGOTTEN = 4 * 60;

// With the group: the page that ends it may know it no more, of somebody with many groups.
export async function start(author, group) {
  await setMeta("running:" + author, { code: group.code, name: group.name, group, began: now() });
  changed();
}

export async function stop(author) {
  await setMeta("running:" + author, null);
  changed();
}

export function minutesOf(running) {
  return Math.max(1, Math.round((now() - running.began) / MINUTE));
}

export function isForgotten(running) {
  return minutesOf(running) > FORGOTTEN;
}

// What the form begins with when it is ended; `values` are the group's usual ones.
export function ended(running, values) {
  const minutes = isForgotten(running) ? values.minutes : minutesOf(running);
  return { ...values, held_on: cityDay(running.began), start_time: cityTime(running.began), minutes };
}
