// What is expected, and what became of each; what a form begins with.
import { addDays, at, cityDay, cityTime, now, today } from "./clock.js";
import { calledOff, written } from "./state.js";

const MINUTE = 60 * 1000;
// Fresh groups without any habit.
const USUAL_MINUTES = 60;

function minutesOf(time) {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function apart(one, other) {
  return Math.abs(minutesOf(one) - minutesOf(other));
}

export function keyOf(one) {
  return [one.code, one.day, one.start.slice(0, 5)].join("|");
}

// Each expected session with `fate`: done, called_off, to_come, open; as the server judges it.
export function judged(state) {
  const expected = state.bundle ? state.bundle.expected : [];
  const off = {};
  for (const one of calledOff(state)) off[keyOf(one)] = one;
  const held = match(expected.filter((one) => !off[keyOf(one)]), written(state));
  return expected.map((one) => {
    const key = keyOf(one);
    if (held[key]) return { ...one, fate: "done" };
    if (off[key]) return { ...one, fate: "called_off", off: off[key] };
    const over = at(one.day, one.start) + one.minutes * MINUTE <= now();
    return { ...one, fate: over ? "open" : "to_come" };
  });
}

// Which session was which meeting of a group's day: the nearest pairs first.
function match(expected, sessions) {
  const pairs = [];
  for (const one of expected) {
    for (const session of sessions) {
      if (session.code === one.code && session.day === one.day) {
        pairs.push({ key: keyOf(one), id: session.id, apart: apart(one.start, session.start) });
      }
    }
  }
  pairs.sort((a, b) => a.apart - b.apart);
  const held = {};
  const taken = {};
  for (const pair of pairs) {
    if (held[pair.key] || taken[pair.id]) continue;
    held[pair.key] = true;
    taken[pair.id] = true;
  }
  return held;
}

// Begun, or about to: then it may be written down.
export function hasBegun(one) {
  return at(one.day, one.start) <= now() + 10 * MINUTE;
}

export function mayStart(one) {
  const begins = at(one.day, one.start);
  return one.day === today() && now() > begins - 90 * MINUTE && now() < begins + one.minutes * MINUTE;
}

// What the form of a group begins with: its habits, and the count of last time.
export function usual(group, state) {
  const last = group.last;
  const moment = usualMoment(group, state);
  return {
    area_code: group.code,
    held_on: moment.day,
    start_time: moment.start,
    minutes: group.minutes || (last ? last.minutes : USUAL_MINUTES),
    participants: group.participants || (last ? last.participants : ""),
    place: group.place || "",
    led_by: group.led_by || "",
    note: "",
  };
}

export function valuesOf(one, group, state) {
  const values = usual(group, state);
  const start = one.start.slice(0, 5);
  return { ...values, held_on: one.day, start_time: start, minutes: one.minutes, place: one.place || values.place };
}

// The group's hour of today or yesterday that is past and not written down; otherwise now.
function usualMoment(group, state) {
  const start = group.start || (group.last ? group.last.start : null);
  const mine = written(state).filter((one) => one.code === group.code);
  const known = state.bundle.expected.filter((one) => one.code === group.code);
  if (start) {
    for (const day of [today(), addDays(today(), -1)]) {
      const meets = !known.length || known.some((one) => one.day === day);
      const logged = mine.some((one) => one.day >= day);
      if (meets && !logged && at(day, start) <= now()) return { day, start: start.slice(0, 5) };
    }
  }
  const { held_on, start_time } = justNow();
  return { day: held_on, start: start_time };
}

export function justNow() {
  const rounded = Math.floor(now() / (10 * MINUTE)) * 10 * MINUTE;
  return { held_on: cityDay(rounded), start_time: cityTime(rounded) };
}
