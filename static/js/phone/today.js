// Draws Today from what is stored; the server drew the same from what it knew.
import { addDays, today, weekday } from "./clock.js";
import { hasBegun, judged, keyOf, mayStart } from "./expected.js";
import { clone, dateWords, fill, keyed, people, say, shortDate, since } from "./texts.js";
import { drawRecords } from "./records.js";
import { drawNotes } from "./notes.js";
import { drawNotices } from "./notices.js";
import { isForgotten, minutesOf } from "./running.js";
import { groupOf } from "./state.js";

const root = document.querySelector("[data-phone]");

export function draw(state) {
  const known = Boolean(state.bundle);
  const expected = judged(state);
  const lists = {
    today: expected.filter((one) => one.day === today()),
    missing: expected.filter((one) => one.day < today() && one.fate === "open"),
    coming: expected.filter((one) => one.day > today() && one.day <= addDays(today(), 14)),
  };
  fill(root, { date: shortDate(today()) + " " + say("weekday_" + weekday(today())) });
  for (const name of Object.keys(lists)) {
    const list = root.querySelector('[data-list="' + name + '"]');
    keyed(list, lists[name], keyOf, () => clone("expected"), (element, one) => {
      drawExpected(element, one, state);
    });
    section(name, lists[name].length > 0);
  }
  // What was searched for stays as the server drew it.
  if (!state.author || !document.getElementById("found")) drawGroups(state, lists.today);
  section("forms", known && state.bundle.areas.length > 0);
  section("nobody", !state.author);
  drawWho(state);
  drawRunning(state);
  drawRecords(root, state);
  drawNotices(root, state);
  drawNotes(root, state);
  root.dataset.drawn = String(Number(root.dataset.drawn || 0) + 1);
}

// Who is signed in here; without anybody nothing that the server drew for somebody stays.
function drawWho(state) {
  for (const part of document.querySelectorAll("[data-signed-in]")) {
    part.hidden = !state.author;
    if (!state.author && "personal" in part.dataset) part.textContent = "";
  }
  if (state.bundle) fill(document.querySelector(".phone-foot"), { who: state.bundle.name });
}

function section(name, shown) {
  const found = root.querySelector('[data-section="' + name + '"]');
  if (found) found.hidden = !shown;
}

function nameOf(group, state) {
  return state.bundle.wide && group.village ? group.village + " " + group.name : group.name;
}

function drawExpected(element, one, state) {
  const group = groupOf(state, one.code);
  element.dataset.expected = keyOf(one);
  element.dataset.fate = one.fate;
  const soon = one.day === today();
  fill(element, {
    name: group ? nameOf(group, state) : one.code,
    when: (soon ? "" : dateWords(one.day) + " ") + one.start.slice(0, 5),
    place: one.place || (group && group.place) || null,
    off: one.off ? say("off", { reason: say("reason_" + one.off.reason) }) : null,
  });
  const open = one.fate === "open" || one.fate === "to_come";
  element.dataset.code = one.code;
  show(element, "[data-open-form]", open && hasBegun(one));
  show(element, "[data-start]", open && mayStart(one) && !state.running);
  show(element, "[data-not-held]", open && one.day <= today());
  show(element, "[data-held-after-all]", one.fate === "called_off");
  show(element, "[data-done-mark]", one.fate === "done");
  show(element, "[data-ways]", element.querySelector("[data-ways] > :not([hidden])") !== null);
  if (!open) show(element, "[data-why]", false);
  element.querySelector("[data-open-form]").href = "/m/log/" + one.code + "/?day=" + one.day;
}

function show(element, selector, shown) {
  const found = element.querySelector(selector);
  if (found) found.hidden = !shown;
}

function drawGroups(state, expectedToday) {
  const list = root.querySelector('[data-list="groups"]');
  if (!list) return;
  const due = {};
  const done = {};
  for (const one of expectedToday) {
    if (one.fate === "done") done[one.code] = true;
    if (one.fate === "open" || one.fate === "to_come") due[one.code] = true;
  }
  const groups = state.bundle ? state.bundle.groups : [];
  keyed(list, groups, (group) => group.code, () => clone("card"), (element, group) => {
    element.dataset.card = group.code;
    const link = element.querySelector("[data-open-form]");
    link.href = "/m/log/" + group.code + "/";
    link.classList.toggle("card-due", Boolean(due[group.code]));
    const last = group.last;
    fill(element, {
      name: nameOf(group, state),
      line: [group.sport, group.start ? group.start.slice(0, 5) : "", group.place].filter(Boolean).join(" · "),
      last: last
        ? say("last_time", { day: shortDate(last.held_on), people: people(last.participants) })
        : say("never"),
      tag_done: done[group.code] && !due[group.code] ? say("logged_today") : null,
      tag_due: due[group.code] ? say("meets_today") : null,
    });
    show(element, "[data-more-ways]", !state.running);
  });
  section("no-groups", Boolean(state.bundle) && groups.length === 0);
  section("groups", groups.length > 0);
  section("more-groups", Boolean(state.bundle) && state.bundle.more);
}

function drawRunning(state) {
  section("running", Boolean(state.running));
  if (!state.running) return;
  const minutes = minutesOf(state.running);
  fill(root.querySelector('[data-section="running"]'), {
    running_name: state.running.name,
    running_for: isForgotten(state.running)
      ? say("running_forgotten", { since: since(state.running.began) })
      : say("running_for", { n: minutes, since: since(state.running.began) }),
  });
}
