// A contact with the server: what waits is named, then sent one by one; then the news are fetched.
import { changed } from "./changes.js";
import { learn } from "./clock.js";
import { NoAnswer, request } from "./http.js";
import { giveLease, takeLease } from "./lease.js";
import { adopt, done, isOpen, nameOf, refused, replace, tidy } from "./outbox.js";
import { sendPhotos } from "./photos.js";
import { sendRecords } from "./sending.js";
import { meta, read, setMeta, write } from "./store.js";

// Resolves to {reached, busy, signIn}: whether the server answered, another tab is at it, or the
// server does not know who we are.
// `news`: whether the bundle is fetched too; what went is known here without it.
export async function contact(news = true) {
  if (!(await takeLease())) return { busy: true };
  try {
    return await talk(news);
  } catch (error) {
    if (error instanceof NoAnswer) return { reached: false };
    throw error;
  } finally {
    await giveLease();
    changed();
  }
}

async function talk(news) {
  if (await meta("leaving")) return leave();
  const author = await meta("current");
  if (!author) return { reached: true, signIn: true };
  const hello = await sayWhatWaits(author);
  if (hello.status === 401 || hello.status === 403) return whoIsThere(author);
  // The page of a network that wants one to sign in says 200 to everything, and is not the server.
  if (hello.status !== 200 || !hello.data) return { reached: false };
  const stopped = await sendRecords(author);
  if (stopped) return stopped === "who" ? whoIsThere(author) : { reached: false };
  await sendPhotos(author);
  await tidy();
  return news ? fetchBundle() : { reached: true, version: hello.data.version };
}

// They signed out while there was no network; now it happens.
async function leave() {
  await request("/sign-out/", { method: "POST" });
  const { status } = await request("/api/v1/phone/", {});
  if (status !== 401 && status !== 403) return { reached: false };
  await setMeta("leaving", null);
  return { reached: true, signIn: true };
}

// The server took us for somebody else, or for nobody. Are we who we were, then it is something
// between us that refuses: asked again after growing pauses, not at once and for ever.
async function whoIsThere(before) {
  const news = await fetchBundle();
  if (!news.reached || news.signIn) return news;
  return (await meta("current")) === before ? { reached: false } : news;
}

async function sayWhatWaits(author) {
  const said = await read(["records", "photos", "meta"], async (t) => {
    const all = await t.objectStore("records").getAll();
    const rows = all.filter((row) => row.author === author);
    const photos = (await t.objectStore("photos").getAll()).filter((photo) => !photo.trouble);
    const waits = all.filter(isOpen).concat(photos).map((one) => one.author);
    const others = waits.filter((other, at) => other !== author && waits.indexOf(other) === at);
    const of = (states) => rows.filter((row) => states.indexOf(row.state) >= 0);
    return {
      author,
      phone: await t.objectStore("meta").get("phone"),
      waiting: of(["waiting", "sending", "refused"]).map((row) => [nameOf(row), row.made_at]),
      kept: of(["kept"]).map((row) => row.id),
      discarded: (await t.objectStore("meta").get("discarded:" + author)) || [],
      others: others.slice(0, 100),
    };
  });
  const answer = await request("/api/v1/outbox/manifest/", { method: "POST", json: said });
  if (answer.status === 200 && answer.data) await hear(author, said, answer);
  return answer;
}

async function hear(author, said, answer) {
  const { arrived, settled, lost } = answer.data;
  await learn(answer.data.now, answer.answered, answer.took);
  // Another account of the same person was closed: what waits in its name goes in this one's.
  // Adopted before the rest is heard: what the other discarded is said with the next contact.
  for (const other of answer.data.yours || []) await adopt(author, other);
  await write(["records", "meta"], async (t) => {
    const records = t.objectStore("records");
    for (const id of arrived || []) {
      const row = await records.get(id);
      if (row && row.state !== "done") await records.put(done(row, null));
    }
    for (const one of settled || []) {
      const row = await records.get(one.id);
      if (!row) continue;
      if (one.state === "done") await records.put(done(row, one.answer));
      else if (one.state === "refused") await replace(records, row.id, refused(row, one.answer));
      // The server was put back to an earlier day: it is sent anew.
      else await records.put({ ...row, state: "waiting", next_at: 0 });
    }
    const name = "discarded:" + author;
    const ids = (await t.objectStore("meta").get(name)) || [];
    const left = ids.filter((id) => said.discarded.indexOf(id) < 0);
    await t.objectStore("meta").put(left, name);
    await t.objectStore("meta").put(lost || [], "lost:" + author);
    await t.objectStore("meta").put(answer.data.now, "heard:" + author);
  });
}

// The newest of what the page shows; who is signed in comes with it.
export async function fetchBundle() {
  // They signed out meanwhile: the server may not know yet, and nobody's news are kept.
  if (await meta("leaving")) return { reached: false };
  const answer = await request("/api/v1/phone/", {});
  if (answer.status === 401 || answer.status === 403) {
    await setMeta("current", null);
    return { reached: true, signIn: true };
  }
  if (answer.status !== 200 || !answer.data || !answer.data.author) return { reached: false };
  await learn(answer.data.now, answer.answered, answer.took);
  await keepBundle(answer.data);
  return { reached: true, version: answer.data.version };
}

// Somebody else's bundle goes as soon as another person is signed in; their records never do.
export function keepBundle(bundle) {
  return write(["bundles", "meta"], async (t) => {
    const bundles = t.objectStore("bundles");
    for (const author of await bundles.getAllKeys()) {
      if (author !== bundle.author) await bundles.delete(author);
    }
    await bundles.put(bundle, bundle.author);
    await t.objectStore("meta").put(bundle.author, "current");
    // A bundle made before the server was told of a dismissal does not bring the lost record back.
    const heard = await t.objectStore("meta").get("heard:" + bundle.author);
    if (heard && Date.parse(bundle.now) <= Date.parse(heard)) return;
    await t.objectStore("meta").put(bundle.lost || [], "lost:" + bundle.author);
  });
}
