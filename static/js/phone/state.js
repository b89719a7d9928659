// What the page shows: the newest bundle and what this phone holds, of the person signed in.
import { isOpen, photosOf, rowsOf, waitingOfOthers } from "./outbox.js";
import { read } from "./store.js";

export async function load() {
  const found = await read(["meta", "bundles"], async (t) => {
    const stored = t.objectStore("meta");
    const author = (await stored.get("current")) || null;
    return {
      author,
      bundle: author ? await t.objectStore("bundles").get(author) : null,
      lost: author ? (await stored.get("lost:" + author)) || [] : [],
      discarded: author ? (await stored.get("discarded:" + author)) || [] : [],
      running: author ? (await stored.get("running:" + author)) || null : null,
      phone: await stored.get("phone"),
      leaving: await stored.get("leaving"),
    };
  });
  const rows = await rowsOf(found.author);
  return {
    ...found,
    bundle: found.bundle || null,
    lost: found.lost.filter((one) => !isSettled(one.id, found.discarded, rows)),
    rows,
    photos: await photosOf(found.author),
    others: await waitingOfOthers(found.author),
    open: rows.filter(isOpen),
  };
}

// Dismissed or entered again here, though the server has not heard of it yet.
function isSettled(id, discarded, rows) {
  return discarded.indexOf(id) >= 0 || rows.some((row) => row.replaces === id);
}

// Groups that somebody with many searched for; only this page has them.
function found() {
  const source = document.getElementById("found");
  return source ? JSON.parse(source.textContent) : [];
}

export function groupOf(state, code) {
  const groups = state.bundle ? state.bundle.groups.concat(found()) : [];
  return groups.filter((group) => group.code === code)[0] || null;
}

// Sessions of the server and of this phone, as {id, code, day, start}: what was written down.
export function written(state) {
  const withdrawn = {};
  const found = [];
  // What was sent back was not written down.
  const rows = state.rows.filter((row) => row.state !== "refused");
  for (const row of rows) {
    if (/\/withdraw$/.test(row.kind)) withdrawn[row.record] = true;
  }
  const add = (id, code, day, start) => {
    if (!withdrawn[id]) found.push({ id, code, day, start });
  };
  const here = {};
  for (const row of rows) {
    here[row.id] = true;
    if (row.kind === "session/log") add(row.id, row.body.area_code, row.body.held_on, row.body.start_time);
  }
  for (const session of state.bundle ? state.bundle.sessions : []) {
    if (session.kind === "session/log" && !here[session.id]) {
      add(session.id, session.code, session.held_on, session.start);
    }
  }
  return found;
}

// What was called off, here or on the server: {id, code, day, start, reason, row}.
export function calledOff(state) {
  const undone = {};
  const found = {};
  for (const one of state.bundle ? state.bundle.called_off : []) found[one.id] = one;
  for (const row of state.rows) {
    if (row.kind === "session/held-after-all" && row.state !== "refused") undone[row.record] = true;
    if (row.kind === "session/called-off" && row.state !== "refused") {
      const { area_code, held_on, start_time, reason } = row.body;
      found[row.id] = { id: row.id, code: area_code, day: held_on, start: start_time, reason, row };
    }
  }
  return Object.keys(found)
    .filter((id) => !undone[id])
    .map((id) => found[id]);
}
