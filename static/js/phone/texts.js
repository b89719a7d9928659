// Words stand in the page (<template data-texts>), so that they are translated; none stand here.
import { addDays, cityDay, cityTime, today, weekday } from "./clock.js";

let texts = null;

function known(name) {
  if (!texts) {
    texts = {};
    const source = document.querySelector("template[data-texts]");
    for (const one of source.content.querySelectorAll("[data-text]")) {
      texts[one.dataset.text] = one.textContent.trim();
    }
  }
  return texts[name];
}

// `say("waiting", {n: 3})`; with n = 1 the text "waiting_one" is taken where there is one.
export function say(name, values) {
  const given = values || {};
  const text = (given.n === 1 && known(name + "_one")) || known(name) || "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in given ? given[key] : whole));
}

export function dayWord(day) {
  if (day === today()) return say("today");
  if (day === addDays(today(), -1)) return say("yesterday");
  if (day === addDays(today(), 1)) return say("tomorrow");
  return weekdayWord(day);
}

export function weekdayWord(day) {
  return say("weekday_" + weekday(day));
}

// "7-3 Wednesday" without the zeros.
export function shortDate(day) {
  return Number(day.slice(5, 7)) + "-" + Number(day.slice(8, 10));
}

export function dateWords(day) {
  return shortDate(day) + " " + dayWord(day);
}

// Since when: the hour of today, the weekday of this week, otherwise the date.
export function since(ms) {
  const day = cityDay(ms);
  if (day === today()) return say("since_hour", { time: cityTime(ms) });
  if (day > addDays(today(), -6)) return dayWord(day);
  return shortDate(day);
}

export function people(n) {
  return say("people", { n });
}

// Puts values into the slots of a cloned template; a null hides the slot.
export function fill(element, values) {
  for (const name of Object.keys(values)) {
    for (const slot of element.querySelectorAll('[data-slot="' + name + '"]')) {
      const value = values[name];
      slot.hidden = value === null || value === "";
      if (slot.textContent !== String(value)) slot.textContent = slot.hidden ? "" : value;
    }
  }
}

export function clone(name) {
  const template = document.querySelector('template[data-part="' + name + '"]');
  return template.content.firstElementChild.cloneNode(true);
}

// Shows `items` in `list`: those that are there stay, so that nothing under a finger jumps away.
export function keyed(list, items, keyOf, make, dress) {
  const there = {};
  for (const child of Array.prototype.slice.call(list.children)) {
    if (child.dataset.key) there[child.dataset.key] = child;
    else list.removeChild(child);
  }
  let place = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const element = there[key] || make(item);
    delete there[key];
    element.dataset.key = key;
    dress(element, item);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const key of Object.keys(there)) list.removeChild(there[key]);
}
