// The city's time: the phone's clock, corrected by what the server's answers said last.
import { meta, setMeta } from "./store.js";

const MINUTE = 60 * 1000;
// The city keeps one time all the year; the phone may be set to another zone.
const CITY = 8 * 60 * MINUTE;
let clock = { offset: 0, learnt: null, server: null };

export async function loadClock() {
  clock = (await meta("clock")) || clock;
}

// `answered`: when the phone's clock saw the answer come; `took`: how long it had to wait for it.
export async function learn(serverNow, answered, took) {
  const server = Date.parse(serverNow);
  if (!server) return;
  clock = { offset: server + took / 2 - answered, learnt: answered, server: server };
  await setMeta("clock", clock);
}

export function now() {
  return Date.now() + clock.offset;
}

export function correction() {
  return clock.offset;
}

// What a record remembers of the clock it was made by: the one by which its form said "today".
export function moment(offset) {
  return {
    made: Date.now(),
    offset,
    made_at: new Date(Date.now() + offset).toISOString(),
    contact_at: clock.server ? new Date(clock.server).toISOString() : null,
  };
}

// "sent_at" by the same clock as "made_at", so that what lies between is the time that passed.
//
// Usually the phone's clock runs on evenly, right or wrong. Where it was set since the record was
// made, the two differ, and the one that the known bounds leave is believed.
export function sentAt(row) {
  const steady = Date.now() + row.offset;
  if (Math.abs(row.offset - clock.offset) < 2 * MINUTE) return new Date(steady).toISOString();
  const earliest = row.contact_at ? Date.parse(row.contact_at) - MINUTE : -Infinity;
  const madeIfSet = row.made + row.offset;
  const wasSet = row.contact_at !== null && madeIfSet >= earliest && madeIfSet <= now() + MINUTE;
  return new Date(wasSet ? now() : steady).toISOString();
}

export function cityDay(ms) {
  return new Date(ms + CITY).toISOString().slice(0, 10);
}

export function cityTime(ms) {
  return new Date(ms + CITY).toISOString().slice(11, 16);
}

export function today() {
  return cityDay(now());
}

// The moment that a day and an hour of the city name.
export function at(day, time) {
  return Date.parse(day + "T" + time.slice(0, 5) + ":00Z") - CITY;
}

export function daysBetween(earlier, later) {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / (24 * 60 * MINUTE));
}

export function addDays(day, days) {
  return new Date(Date.parse(day) + days * 24 * 60 * MINUTE).toISOString().slice(0, 10);
}

// 1 is Monday.
export function weekday(day) {
  return new Date(Date.parse(day)).getUTCDay() || 7;
}
