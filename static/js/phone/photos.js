// Photos: shrunk on the phone, stored beside the record, sent after it in pieces.
import { changed } from "./changes.js";
import { NoAnswer, request } from "./http.js";
import { takeLease } from "./lease.js";
import { deletePhoto, photosOf, rowsOf } from "./outbox.js";
import { pause } from "./sending.js";
import { read, write } from "./store.js";

const SIDE = 1600;
const QUALITY = 0.8;
const PIECE = 128 * 1024;

// Resolves to {bytes, type}; rejects where the phone cannot read the picture.
export async function shrink(file) {
  const picture = await load(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("no picture");
  // Bytes rather than a blob: old iPhones lose blobs in IndexedDB.
  return { bytes: await bytesOf(blob), type: "image/jpeg" };
}

function load(file) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.onload = () => {
      URL.revokeObjectURL(url);
      resolve(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(url);
      reject(new Error("no picture"));
    };
    image.src = url;
  });
}

function bytesOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

// Sends those whose record has arrived; the others have their own time to be tried again.
export async function sendPhotos(author) {
  const rows = await rowsOf(author);
  const open = rows.filter((row) => row.record === row.id && row.state !== "done").map((row) => row.id);
  for (const photo of await photosOf(author)) {
    if (photo.trouble || open.indexOf(photo.record) >= 0 || photo.next_at > Date.now()) continue;
    await sendPhoto(photo);
  }
}

async function sendPhoto(photo) {
  let outcome = "again";
  try {
    outcome = await pieces(photo);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  await write(["photos", "bytes"], async (t) => {
    const photos = t.objectStore("photos");
    const stored = await photos.get(photo.id);
    if (!stored) return;
    if (outcome === "done") await deletePhoto(t, photo.id);
    else if (outcome === "refused") {
      await t.objectStore("bytes").delete(photo.id);
      await photos.put({ ...stored, trouble: "refused", next_at: Infinity });
    } else {
      const tries = stored.tries + 1;
      await photos.put({ ...stored, tries, received: photo.received, next_at: Date.now() + pause(tries) });
    }
  });
  changed();
}

async function pieces(photo) {
  const bytes = await read("bytes", (t) => t.store.get(photo.id));
  if (!bytes) return "refused";
  const url = "/api/v1/outbox/photos/" + photo.id + "/";
  const about = { record: photo.record, author: photo.author, size: photo.size };
  let answer = await request(url, { method: "POST", json: about });
  for (let before = -1; ; ) {
    const said = answer.data || {};
    if (said.done) return "done";
    const refused = answer.status === 422 || answer.status === 400 || answer.status === 413;
    if (refused) return "refused";
    // 409 says where to go on; everything else without a number is no answer.
    if (typeof said.received !== "number" || said.received >= photo.size) return "again";
    if (said.received === before) return "again";
    before = photo.received = said.received;
    if (!(await takeLease())) return "again";
    answer = await request(url, {
      method: "PUT",
      body: bytes.slice(said.received, said.received + PIECE),
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(said.received) },
    });
  }
}
