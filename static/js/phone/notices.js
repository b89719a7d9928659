// What stands above everything: online or not, how many wait since when, what got lost.
import { clone, fill, keyed, say, since } from "./texts.js";

export const net = {
  online: navigator.onLine !== false,
  // There is a network again, and what waits goes by itself in a while.
  later: false,
  signIn: false,
  newer: false,
  kept: true,
  // What became of the last tap, where no list shows it.
  told: "",
};

export function drawNotices(root, state) {
  const strip = root.querySelector("[data-net]");
  const waiting = state.open.filter((row) => row.state !== "refused");
  const refused = state.open.length - waiting.length;
  // Where nothing can be kept, nobody knows what waits.
  strip.hidden = !net.kept;
  strip.dataset.net = net.online ? "online" : "offline";
  strip.dataset.waiting = state.open.length ? "some" : "none";
  const count = root.querySelector("[data-waiting-count]");
  count.dataset.waitingCount = String(waiting.length);
  const oldest = waiting.reduce((least, row) => Math.min(least, row.made + row.offset), Infinity);
  fill(strip, {
    net: say(net.later && waiting.length ? "later" : net.online ? "online" : "offline"),
    waiting: waiting.length
      ? say("waiting", { n: waiting.length, since: since(oldest) })
      : say(refused ? "refused_wait" : "nothing_waits", { n: refused }),
  });
  strip.querySelector("[data-send-now]").hidden = !waiting.length;
  const list = root.querySelector('[data-list="notices"]');
  keyed(list, notices(state), (one) => one.name, (one) => clone("notice-" + one.name), (element, one) => {
    fill(element, { text: one.text });
  });
}

function notices(state) {
  const found = [];
  const add = (name, text) => found.push({ name, text });
  if (net.told) add("told", net.told);
  if (!net.kept) add("not-kept", say("not_kept"));
  if (net.signIn && state.open.length) add("sign-in", say("sign_in_to_send", { n: state.open.length }));
  else if (net.signIn) add("sign-in", say("sign_in"));
  if (state.lost.length) add("lost", say("lost", { n: state.lost.length, since: since(earliest(state.lost)) }));
  const elsewhere = elsewhereOf(state);
  if (elsewhere.length) {
    add("elsewhere", say("elsewhere", { n: elsewhere.length, since: since(earliest(elsewhere)) }));
  }
  if (state.others) add("others", say("others", { n: state.others }));
  if (net.newer) add("newer", say("newer"));
  return found;
}

function earliest(rows) {
  return Math.min.apply(null, rows.map((row) => Date.parse(row.since)));
}

// What waits on another phone of the same person; this one's own rows are in the list.
function elsewhereOf(state) {
  const here = {};
  for (const row of state.rows) here[row.id] = true;
  const waiting = state.bundle ? state.bundle.waiting || [] : [];
  return waiting.filter((row) => !here[row.id] && row.phone !== state.phone);
}
