// What a tap opens and what a form's button stores: every way from a finger to the outbox.
import { changed } from "./changes.js";
import { correction } from "./clock.js";
import { judge, submission } from "./sending.js";
import { NoAnswer, request } from "./http.js";
import { add, draft, isNew, isOpen, mend } from "./outbox.js";
import { openForm } from "./forms.js";
import { cityTime, now, today } from "./clock.js";
import { justNow, usual, valuesOf } from "./expected.js";
import { net } from "./notices.js";
import { ended, stop } from "./running.js";
import { groupOf } from "./state.js";
import { say } from "./texts.js";

const SHOWN = ["held_on", "start_time", "participants"];

function shownOf(body) {
  const found = {};
  for (const name of SHOWN) if (body[name]) found[name] = body[name];
  return found;
}

function titleOf(group, state) {
  return state.bundle.wide && group.village ? group.village + " " + group.name : group.name;
}

function startOn(day, values, group) {
  return day === values.held_on || !group.start ? values.start_time : group.start.slice(0, 5);
}

function choicesOf(group) {
  return { led_by: group ? group.leaders : [] };
}

// Keeps a submission on the phone; where the phone cannot keep it, it goes straight to the server
// and the form stays open until there is an answer.
async function keep(author, what, sent) {
  net.told = "";
  try {
    await add(author, what);
  } catch (error) {
    return straight(author, what);
  }
  sent();
  return null;
}

async function straight(author, what) {
  // The same id however often the button is tapped.
  what.direct = what.direct || draft(author, what);
  what.direct.body = what.body;
  try {
    const answer = await request("/api/v1/outbox/", { method: "POST", json: submission(what.direct) });
    const row = judge({ ...what.direct, tries: 1 }, answer).change({ state: "sending" });
    if (row && (row.state === "done" || row.state === "kept")) {
      net.told = say("sent_not_kept");
      changed();
      return null;
    }
    if (row && row.state === "refused") return { error: row.answer.text, errors: row.answer.errors };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  return { error: say("not_kept_not_sent") };
}

// A session of a group; `begin` says what the form begins with.
export function logGroup(state, group, options) {
  const given = options || {};
  const what = { kind: "session/log", title: titleOf(group, state), offset: correction() };
  what.replaces = given.replaces || null;
  const values = given.values || usual(group, state);
  openForm({
    kind: "session/log",
    title: what.title,
    hint: given.hint || (group.checked_in ? say("checked_in", { n: group.checked_in }) : null),
    values,
    startOn: (day) => startOn(day, values, group),
    choices: choicesOf(group),
    submit: async (entered, photo) => {
      const body = { ...entered, area_code: group.code };
      Object.assign(what, { body, photo, shown: shownOf(body) });
      const wrong = await keep(state.author, what, given.sent);
      if (!wrong && given.kept) await given.kept();
      return wrong;
    },
  });
}

export function logExpected(state, one, sent) {
  const group = groupOf(state, one.code);
  if (group) logGroup(state, group, { values: valuesOf(one, group, state), sent });
}

export function endRunning(state, sent) {
  const group = groupOf(state, state.running.code) || state.running.group;
  const values = ended(state.running, usual(group, state));
  return logGroup(state, group, { values, sent, kept: () => stop(state.author) });
}

// A lecture, an event, or whatever other kind the page has a form for.
export function logOther(state, kind, title, sent) {
  const what = { kind, title, offset: correction() };
  openForm({
    kind,
    title,
    values: {
      held_on: today(),
      // The last ten minutes that are whole: it has begun by then.
      start_time: cityTime(now()).slice(0, 4) + "0",
      area_code: state.bundle.areas.length ? state.bundle.areas[0][0] : "",
    },
    choices: { area_code: state.bundle.areas },
    submit: (body, photo) => {
      const name = body.topic || body.title || title;
      Object.assign(what, { body, photo, title: name, shown: shownOf(body) });
      return keep(state.author, what, sent);
    },
  });
}

export function callOff(state, one, reason, sent) {
  const group = groupOf(state, one.code);
  const body = { area_code: one.code, held_on: one.day, start_time: one.start, reason };
  const what = { kind: "session/called-off", title: group ? titleOf(group, state) : one.code, body };
  return keep(state.author, { ...what, shown: shownOf(body) }, sent);
}

// It was held after all; what the server never heard of is simply taken back.
export function heldAfterAll(state, off, title, sent) {
  const what = { kind: "session/held-after-all", record: off.id, title, body: {}, after: off.row ? off.id : null };
  return keep(state.author, { ...what, shown: { held_on: off.day, start_time: off.start } }, sent);
}

// Opens what waits or was refused, filled as it was entered.
export function openRow(state, row, sent) {
  const answer = row.answer || {};
  const group = groupOf(state, row.body.area_code || areaOf(state, row.record));
  openForm({
    kind: row.kind,
    title: row.title,
    values: row.body,
    choices: { ...choicesOf(group), area_code: state.bundle ? state.bundle.areas : [] },
    error: row.state === "refused" ? answer.text : "",
    errors: answer.errors,
    submit: async (body, photo, changes) => {
      const wanted = { ...row.body, ...(isNew(row) ? body : changes) };
      const shown = { ...row.shown, ...shownOf(wanted) };
      if (await mend(row.id, wanted, shown, photo)) {
        sent();
        return null;
      }
      return renewed(state, row, wanted, shown, photo, changes, sent);
    },
  });
}

// What was refused under an id that the server knows goes under a new one; what was sent while the
// form was open is corrected.
function renewed(state, row, body, shown, photo, changes, sent) {
  const what = { kind: row.kind, title: row.title, shown, photo, replacesRow: row.id };
  if (row.state === "refused" && isNew(row)) return keep(state.author, { ...what, body }, sent);
  if (row.state === "refused") {
    const { after, version } = seen(state, row.record);
    const renewedBody = version ? { ...body, version } : body;
    return keep(state.author, { ...what, record: row.record, after, body: renewedBody }, sent);
  }
  if (row.kind !== "session/log") return { error: say("sent_meanwhile") };
  return amend(state, "session/correct", row, { ...changes, reason: say("corrected_at_once") }, sent);
}

function areaOf(state, record) {
  const row = state.rows.filter((one) => one.id === record)[0];
  const session = state.bundle && state.bundle.sessions.filter((one) => one.id === record)[0];
  return row ? row.body.area_code : session ? session.code : "";
}

// What the author saw as newest: their own last submission that is under way, or the version.
function seen(state, record) {
  const mine = state.rows.filter((row) => row.record === record && row.state !== "refused");
  const last = mine[mine.length - 1];
  const session = state.bundle && state.bundle.sessions.filter((one) => one.id === record)[0];
  if (last && isOpen(last)) return { after: last.id };
  if (session && !(last && last.done_at > Date.parse(state.bundle.now))) return { version: session.version };
  return last ? { after: last.id } : {};
}

function amend(state, kind, row, body, sent) {
  const { after, version } = seen(state, row.record);
  const what = { kind, record: row.record, after, title: row.title, shown: { ...row.shown, ...shownOf(body) } };
  return keep(state.author, { ...what, body: version ? { ...body, version } : body }, sent);
}

// Correct or withdraw what arrived, or may have: `record` is {id, kind, title, values, code}.
export function amendRecord(state, record, verb, sent) {
  const kind = record.kind.replace(/log$/, verb);
  const row = { record: record.id, title: record.title, shown: shownOf(record.values) };
  openForm({
    kind,
    title: record.title,
    values: record.values,
    choices: choicesOf(groupOf(state, record.code)),
    submit: (body, photo, changes) => {
      if (verb === "correct" && !Object.keys(changes).some((name) => name !== "reason")) {
        return { error: say("nothing_changed") };
      }
      const wanted = verb === "correct" ? { ...changes, reason: body.reason } : body;
      return amend(state, kind, row, wanted, sent);
    },
  });
}

// It is the session that stands already: the refused record joins it.
export function join(state, row, sent) {
  const { existing } = row.answer;
  return keep(
    state.author,
    {
      kind: "session/join",
      record: existing.id,
      title: row.title,
      shown: row.shown,
      body: { instead: row.id, participants: row.body.participants },
      joins: row.id,
    },
    sent
  );
}
