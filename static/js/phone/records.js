// The list of what was entered on this phone, each with its state in plain words.
import { addDays, at, cityDay, now, today } from "./clock.js";
import { isNew, isOpen, untouched } from "./outbox.js";
import { clone, dateWords, fill, keyed, people, say, since } from "./texts.js";

const DAY = 24 * 3600 * 1000;
const FRESH = 10 * 60 * 1000;
const FIRST = 3;
const SHORT_LIST = 8;

export function drawRecords(root, state) {
  const top = state.rows.filter((row) => isOpen(row) || isFresh(row)).reverse();
  const urgent = top.filter((row) => row.state === "refused");
  const others = top.filter((row) => row.state !== "refused");
  const first = urgent.concat(others.slice(0, FIRST));
  const rest = others.slice(FIRST);
  put(root, "outbox", first, state);
  put(root, "outbox-rest", rest, state);
  fill(root, { outbox_rest: say("outbox_rest", { n: rest.length }) });
  section(root, "outbox", first.length > 0);
  section(root, "outbox-rest", rest.length > 0);

  const done = history(state, top);
  put(root, "done", done.slice(0, SHORT_LIST), state);
  put(root, "done-rest", done.slice(SHORT_LIST), state);
  section(root, "done-rest", done.length > SHORT_LIST);
  section(root, "nothing-done", done.length === 0 && top.length === 0);
}

function isFresh(row) {
  return row.state === "done" && row.done_at > now() - FRESH;
}

// What has arrived: this phone's own rows, and what the server says of the last days.
function history(state, top) {
  const shown = {};
  for (const row of state.rows) shown[row.id] = true;
  const above = {};
  for (const row of top) above[row.id] = true;
  const mine = state.rows.filter((row) => !above[row.id]).map((row) => ({ row, id: row.id, when: whenOf(row) }));
  const theirs = (state.bundle ? state.bundle.sessions : [])
    .filter((session) => !shown[session.id])
    .map((session) => ({ session, id: session.id, when: at(session.held_on, session.start) }));
  return mine.concat(theirs).sort((a, b) => b.when - a.when);
}

function whenOf(row) {
  const shown = row.shown || {};
  return shown.held_on && shown.start_time ? at(shown.held_on, shown.start_time) : row.made + row.offset;
}

function put(root, name, items, state) {
  const list = root.querySelector('[data-list="' + name + '"]');
  const make = () => clone("record");
  keyed(list, items, (item) => (item.row || item.session || item).id, make, (element, item) => {
    if (item.session) drawSession(element, item.session, state);
    else drawRow(element, item.row || item, state);
  });
}

function section(root, name, shown) {
  root.querySelector('[data-section="' + name + '"]').hidden = !shown;
}

function lineOf(values) {
  const parts = [];
  if (values.held_on) parts.push(dateWords(values.held_on) + (values.start_time ? " " + values.start_time.slice(0, 5) : ""));
  if (values.participants) parts.push(people(Number(values.participants)));
  return parts.join(" · ");
}

function drawSession(element, session, state) {
  element.dataset.session = session.id;
  element.dataset.state = "stored";
  const village = state.bundle.wide && session.village ? session.village + " " : "";
  fill(element, {
    title: village + session.title,
    line: lineOf({ held_on: session.held_on, start_time: session.start, participants: session.participants }),
    ...NOTHING,
  });
  ways(element, session.amendable ? amending(session.kind) : {});
}

const NOTHING = { verb: null, reason: null, told: null, photo: null, age: null };

function amending(kind) {
  return { correct: kind === "session/log", withdraw: true };
}

function drawRow(element, row, state) {
  element.dataset.record = row.id;
  element.dataset.state = row.state;
  element.dataset.kind = row.kind;
  const answer = row.answer || {};
  fill(element, {
    title: row.title,
    verb: isNew(row) && row.kind !== "session/called-off" ? null : say("verb_" + row.kind),
    line: lineOf(row.shown || {}),
    reason: row.state === "refused" ? refusal(answer) : trouble(row),
    told: row.state === "done" ? (answer.told || []).map((one) => one.text).join(" ") || null : null,
    photo: row.photo ? photoWords(row, state) : null,
    age: ageOf(row),
  });
  element.querySelector("[data-untouched]").hidden = !untouched(row);
  element.querySelector("[data-attempted]").hidden = untouched(row);
  ways(element, waysOf(row, state));
}

function refusal(answer) {
  const texts = [answer.text || ""];
  for (const name of Object.keys(answer.errors || {})) {
    // The text of it all has those of the fields in it already.
    for (const text of answer.errors[name]) if (texts.join(" ").indexOf(text) < 0) texts.push(text);
  }
  return texts.filter(Boolean).join(" ") || say("refused_without_reason");
}

// The server was there and did not take it: said, so that nobody thinks it is the network.
function trouble(row) {
  return row.state === "waiting" && row.trouble >= 400 && (row.tries > 1 || !signedOut(row.trouble))
    ? say("trouble", { status: row.trouble })
    : null;
}

// Said once it is the sign-in; said again to somebody who is signed in it is something else.
function signedOut(status) {
  return status === 401 || status === 403;
}

function photoWords(row, state) {
  const mine = state.photos.filter((photo) => photo.record === row.record);
  if (!mine.length) return say("photo_sent");
  if (mine.some((photo) => photo.trouble === "refused")) return say("photo_refused");
  const received = mine[0].received;
  return received ? say("photo_part") : say("photo_waits");
}

function ageOf(row) {
  if (!isOpen(row)) return null;
  const made = row.made + row.offset;
  return now() - made > DAY ? say("old", { since: since(made) }) : say("made", { since: since(made) });
}

function waysOf(row, state) {
  const open = isOpen(row);
  const editable = row.kind !== "session/called-off" && row.kind !== "session/held-after-all";
  const canAmend = isNew(row) && /\/log$/.test(row.kind);
  const attempted = row.state === "waiting" && !untouched(row);
  const found = {
    edit: open && editable && (untouched(row) || row.state === "refused") && row.kind !== "session/join",
    join: row.state === "refused" && Boolean((row.answer || {}).existing) && row.kind === "session/log",
    retry: row.state === "refused" && row.kind !== "session/join",
    save: open,
    discard: open && row.state !== "sending" && row.state !== "kept",
    "held-after-all": false,
  };
  const stands = row.state === "done" || row.state === "kept" || attempted;
  if (canAmend && stands && isAmendable(row, state)) Object.assign(found, amending(row.kind));
  return found;
}

// Seven days after it arrived those who logged it may still amend it; the server decides.
function isAmendable(row, state) {
  const withdrawn = state.rows.some((one) => one.record === row.id && /\/withdraw$/.test(one.kind));
  return !withdrawn && cityDay(row.made + row.offset) >= addDays(today(), -7);
}

function ways(element, shown) {
  let folded = false;
  for (const button of element.querySelectorAll("[data-way]")) {
    const name = button.dataset.way;
    if (name === "discard-yes" || name === "discard-no") continue;
    button.hidden = !shown[name];
    if (!button.hidden && button.closest("details")) folded = true;
  }
  element.querySelector("details").hidden = !folded;
  const row = element.querySelector("[data-first-ways]");
  row.hidden = !row.querySelector("[data-way]:not([hidden])");
}
