// Sends what is due, one at a time, oldest first; "done" only after the server's yes.
import { sentAt } from "./clock.js";
import { NoAnswer, request } from "./http.js";
import { HOLDER, takeLease } from "./lease.js";
import { write } from "./store.js";
import { done, refused, rowsOf, update } from "./outbox.js";

const LONGEST = 5 * 60 * 1000;

// Growing, and never the same for two phones: they do not all come back in the same second.
export function pause(tries) {
  return Math.min(LONGEST, 1500 * Math.pow(2, Math.min(tries, 10) - 1)) * (0.5 + Math.random());
}

// Resolves to "who" (sign in again), "net" (no network), or "" when all that was due was tried.
export async function sendRecords(author) {
  if (!(await takeLease())) return "net";
  await takeBack(author);
  let silent = 0;
  for (const { id } of inTurn((await rowsOf(author)).filter(isDue))) {
    if (!(await takeLease())) return "net";
    const row = await update(id, (stored) => (isDue(stored) ? sending(stored) : null));
    if (!row) continue;
    const outcome = await sendOne(row);
    if (outcome === "who") return "who";
    silent = outcome === "net" ? silent + 1 : 0;
    // One answer may have been lost; two in a row are no network.
    if (silent === 2) return "net";
  }
  return silent ? "net" : "";
}

function isDue(row) {
  return row.state === "waiting" && row.next_at <= Date.now();
}

// What something on the way forbade goes last: it does not hold up the others.
function inTurn(rows) {
  const forbidden = (row) => row.trouble === 401 || row.trouble === 403;
  return rows.filter((row) => !forbidden(row)).concat(rows.filter(forbidden));
}

function sending(row) {
  return { ...row, state: "sending", tries: row.tries + 1, sender: HOLDER };
}

// What another tab was sending when it was killed: nobody else holds the lease, so it waits again.
async function takeBack(author) {
  await write("records", async (t) => {
    for (const row of await t.store.index("author").getAll(author)) {
      if (row.state === "sending") await t.store.put({ ...row, state: "waiting" });
    }
  });
}

async function sendOne(row) {
  let answer = null;
  try {
    answer = await request("/api/v1/outbox/", { method: "POST", json: submission(row) });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  const outcome = judge(row, answer);
  await update(row.id, (stored) => outcome.change(stored));
  return outcome.stop || "";
}

export function submission(row) {
  return {
    id: row.id,
    kind: row.kind,
    record: row.record,
    author: row.author,
    form: row.form,
    made_at: row.made_at,
    sent_at: sentAt(row),
    contact_at: row.contact_at,
    replaces: row.replaces,
    after: row.after,
    body: row.body,
  };
}

// What an answer means. Anything but the server's own word for this very id is no answer.
export function judge(row, answer) {
  const status = answer ? answer.status : 0;
  const said = answer && answer.data ? answer.data : {};
  const ours = said.id === row.id;
  if (ours && said.state === "done" && (status === 200 || status === 201)) {
    return { change: (stored) => done(stored, said) };
  }
  if (ours && said.state === "kept") {
    return { change: (stored) => ({ ...stored, state: "kept", answer: null }) };
  }
  if (ours && said.state === "refused") {
    return { change: (stored) => refused(stored, { ...said, status }) };
  }
  const wait = pause(row.tries);
  if (status === 401 || status === 403) {
    // It makes room all the same: what refuses may mean this record alone.
    return { change: (stored) => again(stored, Date.now() + wait, status), stop: "who" };
  }
  return { change: (stored) => again(stored, Date.now() + wait, status), stop: status ? "" : "net" };
}

// A late failure does not overrule what another sender learnt meanwhile.
function again(stored, next, status) {
  if (stored.state !== "sending" || stored.sender !== HOLDER) return null;
  return { ...stored, state: "waiting", next_at: next, trouble: status };
}
