// The outbox: what was entered on this phone and what became of it.
import { changed } from "./changes.js";
import { correction, moment, now } from "./clock.js";
import { newId } from "./ids.js";
import { read, write } from "./store.js";

// The version of the forms that this page shows.
const FORM = 1;
const KEEP_DONE = 3 * 24 * 3600 * 1000;
export const OPEN_STATES = ["waiting", "sending", "kept", "refused"];

export function isOpen(row) {
  return OPEN_STATES.indexOf(row.state) >= 0;
}

export function isNew(row) {
  // A new record; the rest are amendments of one.
  return row.record === row.id;
}

// Whether the server can have heard of it. What it cannot have heard of may be changed in place.
export function untouched(row) {
  return isNew(row) && ((row.state === "waiting" && row.tries === 0) || mendable(row));
}

function mendable(row) {
  // Refused as it is: nothing was stored under this id. A conflict says that something was.
  return row.state === "refused" && !(row.answer && row.answer.code === "conflict");
}

// The id by which the server looks for it: a record that is to be joined to another still waits, in
// the shape of its joining.
export function nameOf(row) {
  return row.body.instead || row.id;
}

// Stores a submission, with its photo, in one transaction. Rejects where it cannot be kept.
export async function add(author, submission) {
  const row = submission.direct ? sentBefore(submission) : draft(author, submission);
  await write(["records", "photos", "bytes", "meta"], async (t) => {
    const seq = ((await t.objectStore("meta").get("seq")) || 0) + 1;
    row.seq = seq;
    await t.objectStore("meta").put(seq, "seq");
    if (submission.joins) row.was = await t.objectStore("records").get(submission.joins);
    await t.objectStore("records").add(row);
    if (submission.photo) await addPhoto(t, row, submission.photo);
    if (submission.joins) await t.objectStore("records").delete(submission.joins);
    if (submission.replacesRow) await drop(t, author, submission.replacesRow);
  });
  changed();
  return row;
}

// It went straight to the server before, and the answer may have been lost: the same id again.
function sentBefore(submission) {
  const { direct, body, shown, title, photo } = submission;
  return { ...direct, body, shown, title, photo: Boolean(photo), tries: 1 };
}

export function draft(author, submission) {
  const id = newId();
  return {
    id,
    kind: submission.kind,
    record: submission.record || id,
    author,
    body: submission.body,
    after: submission.after || null,
    replaces: submission.replaces || null,
    form: FORM,
    ...moment("offset" in submission ? submission.offset : correction()),
    state: "waiting",
    tries: 0,
    next_at: 0,
    answer: null,
    seq: 0,
    // What the list shows, so that it needs nothing else.
    title: submission.title,
    shown: submission.shown,
    photo: Boolean(submission.photo),
  };
}

async function addPhoto(t, row, photo) {
  const id = newId();
  await t.objectStore("bytes").add(photo.bytes, id);
  await t.objectStore("photos").add({
    id,
    record: row.record,
    author: row.author,
    type: photo.type,
    size: photo.bytes.byteLength,
    received: 0,
    tries: 0,
    next_at: 0,
    trouble: null,
  });
}

export async function deletePhoto(t, id) {
  await t.objectStore("bytes").delete(id);
  await t.objectStore("photos").delete(id);
}

export async function rowsOf(author) {
  const rows = author ? await read("records", (t) => t.store.index("author").getAll(author)) : [];
  return rows.sort((a, b) => a.seq - b.seq);
}

// How many records of other people wait here: the number, nothing else.
export async function waitingOfOthers(author) {
  const rows = await read("records", (t) => t.store.getAll());
  return rows.filter((row) => row.author !== author && isOpen(row)).length;
}

export async function photosOf(author) {
  const photos = await read("photos", (t) => t.store.getAll());
  return photos.filter((photo) => photo.author === author);
}

// `change(row)` returns the row as it shall be, or null to leave it.
export async function update(id, change) {
  const row = await write("records", async (t) => {
    const stored = await t.store.get(id);
    const wanted = stored ? change(stored) : null;
    if (wanted) await replace(t.store, id, wanted);
    return wanted;
  });
  if (row) changed();
  return row;
}

// What could not be joined stands again as it was entered, under its own id.
export async function replace(records, id, row) {
  if (row.id !== id) await records.delete(id);
  await records.put(row);
}

// A new body under the same id: only where the server stored nothing. False: it was sent meanwhile.
export async function mend(id, body, shown, photo) {
  const row = await write(["records", "photos", "bytes"], async (t) => {
    const stored = await t.objectStore("records").get(id);
    if (!stored || !untouched(stored)) return null;
    const wanted = { ...stored, body, shown, state: "waiting", tries: 0, next_at: 0, answer: null };
    if (photo) {
      wanted.photo = true;
      await addPhoto(t, stored, photo);
    }
    await t.objectStore("records").put(wanted);
    return wanted;
  });
  if (row) changed();
  return Boolean(row);
}

export function retry(id) {
  return update(id, (row) =>
    row.state === "refused" || row.state === "waiting"
      ? { ...row, state: "waiting", next_at: 0, answer: null }
      : null
  );
}

// All that waits may go at once: somebody tapped.
export async function hurry(author) {
  await write(["records", "photos"], async (t) => {
    for (const row of await t.objectStore("records").index("author").getAll(author)) {
      if (row.state === "waiting" && row.next_at) await t.objectStore("records").put({ ...row, next_at: 0 });
    }
    for (const photo of await t.objectStore("photos").getAll()) {
      if (photo.next_at && !photo.trouble) await t.objectStore("photos").put({ ...photo, next_at: 0 });
    }
  });
}

// The server is told what this phone has no more on purpose, so that it is not taken for lost.
async function drop(t, author, id) {
  const row = await t.objectStore("records").get(id);
  await t.objectStore("records").delete(id);
  const name = "discarded:" + author;
  const ids = (await t.objectStore("meta").get(name)) || [];
  await t.objectStore("meta").put(ids.concat([row ? nameOf(row) : id]), name);
}

// What followed an amendment that is gone follows what that one followed; the amendments of a record
// that is gone go with it. Otherwise the server would keep them for what never comes.
async function passOver(t, row) {
  const records = t.objectStore("records");
  for (const other of await records.index("author").getAll(row.author)) {
    if (!isOpen(other) || isNew(other)) continue;
    if (isNew(row) && other.record === row.id) await drop(t, row.author, other.id);
    else if (other.after === row.id) await records.put({ ...other, after: row.after });
  }
}

// Removed on purpose.
export async function discard(id) {
  await write(["records", "photos", "bytes", "meta"], async (t) => {
    const row = await t.objectStore("records").get(id);
    if (!row || row.state === "sending") return;
    await drop(t, row.author, id);
    await passOver(t, row);
    if (!isNew(row) && !row.body.instead) return;
    const photos = await t.objectStore("photos").index("record").getAllKeys(nameOf(row));
    for (const key of photos) await deletePhoto(t, key);
  });
  changed();
}

export function done(row, answer) {
  return { ...row, state: "done", answer, done_at: now(), was: null };
}

export function refused(row, answer) {
  return { ...(row.was || row), state: "refused", answer };
}

// What another account of the same person left on this phone is the author's from now on.
export function adopt(author, other) {
  return write(["records", "photos", "meta"], async (t) => {
    const records = t.objectStore("records");
    for (const row of await records.index("author").getAll(other)) await records.put({ ...row, author });
    const stored = t.objectStore("meta");
    // What the other account removed on purpose, and the server has not heard of.
    const gone = (await stored.get("discarded:" + other)) || [];
    const before = (await stored.get("discarded:" + author)) || [];
    await stored.put(before.concat(gone), "discarded:" + author);
    await stored.put([], "discarded:" + other);
    const running = await stored.get("running:" + other);
    if (running && !(await stored.get("running:" + author))) await stored.put(running, "running:" + author);
    await stored.put(null, "running:" + other);
    const photos = t.objectStore("photos");
    for (const photo of await photos.getAll()) {
      if (photo.author === other) await photos.put({ ...photo, author });
    }
  });
}

// A lost record is not to be looked for any more.
export async function dismiss(author, ids) {
  await write("meta", async (t) => {
    const name = "discarded:" + author;
    const before = (await t.store.get(name)) || [];
    await t.store.put(before.concat(ids), name);
    const lost = (await t.store.get("lost:" + author)) || [];
    await t.store.put(lost.filter((one) => ids.indexOf(one.id) < 0), "lost:" + author);
  });
  changed();
}

// Done rows stay for three days, so that the list can show them.
export async function tidy() {
  const before = now() - KEEP_DONE;
  await write(["records", "photos", "bytes"], async (t) => {
    const records = t.objectStore("records");
    const photos = t.objectStore("photos");
    for (const row of await records.getAll()) {
      if (row.state !== "done" || row.done_at >= before) continue;
      await records.delete(row.id);
      for (const photo of await photos.index("record").getAll(row.id)) {
        if (photo.trouble) await deletePhoto(t, photo.id);
      }
    }
  });
}
