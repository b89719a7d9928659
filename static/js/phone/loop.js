// When to talk to the server: at once when something was entered or somebody looks, then with
// growing pauses. What happens by itself waits a random time: when a mast comes back, a thousand
// phones do.
import { onChange } from "./changes.js";
import { contact, fetchBundle } from "./contact.js";
import { net } from "./notices.js";
import { hurry } from "./outbox.js";
import { pause } from "./sending.js";
import { load } from "./state.js";

const IDLE = 10 * 60 * 1000;
const KEPT = 60 * 1000;
const BUSY = 3000;
// The news are for who looks at the page; they may come so many times later than what is sent.
const NEWS = 10;
let timer = 0;
let news = 0;
let fails = 0;
let talking = false;
let again = false;
// Whether somebody looks: then the news are fetched at once too.
let looked = false;
let shown = () => {};

// `show()` draws the page anew.
export function begin(show) {
  shown = show;
  window.addEventListener("online", comeBack);
  window.addEventListener("offline", () => {
    net.online = net.later = false;
    shown();
  });
  window.addEventListener("pageshow", (event) => event.persisted && talk());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") talk();
  });
  onChange(shown);
  return talk();
}

// Somebody tapped: nothing waits for its pause any more.
export async function talkNow(author) {
  if (author) await hurry(author);
  fails = 0;
  return talk();
}

// The network is there again, and nobody asked for anything.
function comeBack() {
  if (!spread()) return talk();
  net.online = net.later = true;
  clearTimeout(timer);
  timer = setTimeout(talkByItself, Math.random() * spread());
  return shown();
}

function spread() {
  return 1000 * Number(document.documentElement.dataset.spread || 0);
}

function talkByItself() {
  return talk(spread() > 0);
}

function newsLater() {
  clearTimeout(news);
  news = setTimeout(async () => {
    // Who looks again later gets them then.
    if (document.visibilityState !== "visible") return;
    const found = await fetchBundle().catch(() => ({ reached: false }));
    if (found.reached) after(found);
    shown();
  }, Math.random() * NEWS * spread());
}

export async function talk(byItself) {
  looked = looked || !byItself;
  if (talking) {
    // It asks once more when it is through; the network's own pause is not needed then.
    again = true;
    if (net.later) clearTimeout(timer);
    net.later = false;
    return;
  }
  talking = true;
  clearTimeout(timer);
  clearTimeout(news);
  net.later = false;
  let wait = IDLE;
  try {
    do {
      again = false;
      const now = looked;
      looked = false;
      const outcome = await contact(now);
      if (!now && outcome.reached && !outcome.signIn) newsLater();
      wait = after(outcome);
      net.kept = true;
      shown();
      wait = Math.min(wait, await untilDue());
      // Asked last: that look does not know what was entered during it.
    } while (again);
  } catch (error) {
    // The storage refused: the page says so, and it is tried again.
    net.kept = false;
    wait = after({ reached: false });
    shown();
    console.error(error);
  } finally {
    talking = false;
  }
  // The network came back meanwhile: its own, longer pause is already running.
  if (!net.later) timer = setTimeout(fails ? talkByItself : () => talk(), wait);
}

function after(outcome) {
  if (outcome.busy) return BUSY;
  fails = outcome.reached ? 0 : fails + 1;
  // What failed began before the network came back.
  net.online = (outcome.reached || net.later) && navigator.onLine !== false;
  if (outcome.reached) net.signIn = Boolean(outcome.signIn);
  const page = document.documentElement.dataset.version;
  if (outcome.version && page) net.newer = outcome.version !== page;
  return outcome.reached ? IDLE : pause(fails);
}

async function untilDue() {
  const { open, photos } = await load();
  const times = photos.map((photo) => photo.next_at);
  for (const row of open) {
    if (row.state === "waiting") times.push(row.next_at);
    if (row.state === "kept") times.push(Date.now() + KEPT);
  }
  const first = times.length ? Math.min.apply(null, times) - Date.now() : IDLE;
  // Without a network the growing pauses decide; they end at once when somebody taps.
  return net.online && !net.signIn ? Math.max(300, Math.min(IDLE, first)) : IDLE;
}
