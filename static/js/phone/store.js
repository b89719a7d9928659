// The phone's own storage (IndexedDB "grid"); docs/phone.md says what stands in it.
import { openDB } from "idb";
import { newId } from "./ids.js";

const NAME = "grid";
const VERSION = 1;
let opening = null;

function open() {
  return openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("meta");
      db.createObjectStore("bundles");
      db.createObjectStore("records", { keyPath: "id" }).createIndex("author", "author");
      db.createObjectStore("photos", { keyPath: "id" }).createIndex("record", "record");
      // Apart from the photos' rows, which every drawing reads.
      db.createObjectStore("bytes");
    },
    // A newer page wants another shape: give way, this tab opens it again when it needs it.
    blocking(current, wanted, event) {
      event.target.close();
      opening = null;
    },
    terminated() {
      opening = null;
    },
  });
}

function database() {
  if (!opening) {
    opening = open();
    opening.catch(() => {
      opening = null;
    });
  }
  return opening;
}

// iOS closes the connection of a page in the background: then it is opened once more.
async function begin(stores, mode) {
  for (let tries = 0; ; tries += 1) {
    const db = await database();
    try {
      return db.transaction(stores, mode, { durability: "strict" });
    } catch (error) {
      opening = null;
      if (tries) throw error;
    }
  }
}

// All of `work`'s writes are stored, or none; it is done only when they are on the disk.
export async function write(stores, work) {
  const transaction = await begin(stores, "readwrite");
  transaction.done.catch(() => {});
  try {
    const result = await work(transaction);
    await transaction.done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch (already) {
      // It was aborted by what failed.
    }
    throw error;
  }
}

export async function read(stores, work) {
  const transaction = await begin(stores, "readonly");
  transaction.done.catch(() => {});
  return work(transaction);
}

export function meta(name) {
  return read("meta", (t) => t.store.get(name));
}

export function setMeta(name, value) {
  return write("meta", (t) => t.store.put(value, name));
}

// Whether anything can be kept here at all: private windows and full phones say no, and some
// browsers say nothing.
export async function usable() {
  const silence = new Promise((resolve, reject) => setTimeout(reject, 5000));
  try {
    await Promise.race([silence, probe()]);
    return true;
  } catch (error) {
    return false;
  }
}

function probe() {
  return write("meta", async (t) => {
    if (!(await t.store.get("phone"))) await t.store.put(newId(), "phone");
    else await t.store.put(Date.now(), "opened");
  });
}
