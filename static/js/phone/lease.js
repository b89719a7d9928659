// One sender at a time: this tab, another one, or the worker.
import { newId } from "./ids.js";
import { read, write } from "./store.js";

// Longer than any request may take.
const LENGTH = 25000;
export const HOLDER = newId();

// Takes or prolongs the lease; false where another holds it.
export async function takeLease() {
  await mark();
  if ((await take(null)) || (await takeFromTheDead())) return true;
  unmark();
  return false;
}

export async function giveLease() {
  try {
    await write("meta", async (t) => {
      const lease = await t.store.get("lease");
      if (lease && lease.holder === HOLDER) await t.store.delete("lease");
    });
  } finally {
    unmark();
  }
}

function take(dead) {
  return write("meta", async (t) => {
    const lease = await t.store.get("lease");
    const left = lease ? lease.until - Date.now() : 0;
    const others = lease && lease.holder !== HOLDER && lease.holder !== dead;
    // A lease that ends later than any could was given before the phone's clock was set back.
    if (others && left > 0 && left <= LENGTH) return false;
    await t.store.put({ holder: HOLDER, until: Date.now() + LENGTH, marked: release !== null }, "lease");
    return true;
  });
}

// Whoever left the page, or was killed, while sending gave nothing back; nobody need wait for that.
async function takeFromTheDead() {
  if (!release) return false;
  const lease = await read("meta", (t) => t.store.get("lease"));
  if (!lease || !lease.marked) return false;
  const { held } = await navigator.locks.query();
  return !held.some((lock) => lock.name === markOf(lease.holder)) && take(lease.holder);
}

// A lock of the browser that ends with its page, where the browser has such: it says who is alive.
let release = null;

function markOf(holder) {
  return "sends-" + holder;
}

function mark() {
  if (release || !navigator.locks) return null;
  return new Promise((resolve) => {
    const held = () =>
      new Promise((end) => {
        release = end;
        resolve();
      });
    const given = (lock) => (lock ? held() : resolve());
    navigator.locks.request(markOf(HOLDER), { ifAvailable: true }, given).catch(resolve);
  });
}

function unmark() {
  if (release) release();
  release = null;
}
