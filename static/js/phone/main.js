// The phone's page: what the server drew, brought to life by what this phone holds.
import { listen } from "./acting.js";
import { loadClock } from "./clock.js";
import { keepBundle } from "./contact.js";
import { logGroup } from "./entering.js";
import { isShowing } from "./forms.js";
import { watchSignOut } from "./leaving.js";
import { begin, talk, talkNow } from "./loop.js";
import { net, drawNotices } from "./notices.js";
import { groupOf, load } from "./state.js";
import { meta, usable } from "./store.js";
import { draw } from "./today.js";
import { installWorker, wantSync } from "./worker_page.js";

const root = document.querySelector("[data-phone]");
let state = null;

let drawing = null;
let stale = false;

// One drawing at a time: while two hundred records are sent, those in between are not waited for.
function show() {
  stale = true;
  if (!drawing) drawing = drawTheNewest();
  return drawing;
}

async function drawTheNewest() {
  try {
    while (stale) {
      stale = false;
      state = await load();
      draw(state);
    }
  } finally {
    drawing = null;
  }
}

// The bundle stands in the page where the server made it for somebody.
async function takeBundle() {
  const source = document.getElementById("bundle");
  if (!source || (await meta("leaving"))) return;
  await keepBundle(JSON.parse(source.textContent));
}

async function start() {
  installWorker();
  if (!(await usable())) return without();
  await loadClock();
  await takeBundle();
  await show();
  const sent = () => {
    wantSync();
    return talk();
  };
  listen(root, () => state, sent);
  watchSignOut(() => talkNow(state.author));
  openAsAsked(sent);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  // Minutes pass: what is expected has begun, what runs has grown longer.
  setInterval(() => document.visibilityState === "visible" && !isShowing() && show(), 30000);
  await begin(show);
}

// Nothing can be kept here: the ordinary forms do, and the page says so.
function without() {
  net.kept = false;
  drawNotices(root, { rows: [], open: [], lost: [], photos: [], others: 0, bundle: null });
}

// The address of a form, without a network: the form opens in the page.
function openAsAsked(sent) {
  const asked = /^\/m\/log\/(\d{17})\/$/.exec(location.pathname);
  const group = asked && groupOf(state, asked[1]);
  if (group) logGroup(state, group, { sent });
}

start();
