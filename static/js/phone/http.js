// Requests that always come to an end: an answer, or "no answer" after a while.

export class NoAnswer extends Error {}

export async function csrfToken() {
  // A worker has no document.
  if (self.cookieStore) {
    const cookie = await cookieStore.get("csrftoken");
    return cookie ? cookie.value : "";
  }
  const found = self.document && /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return found ? found[1] : "";
}

// The page sets the cookie; after a year, or when somebody emptied the browser, it is gone.
async function token() {
  const known = await csrfToken();
  if (known) return known;
  await within(20000, "/m/", { credentials: "same-origin", cache: "no-store" });
  return csrfToken();
}

// Resolves to {status, data, answered, took}; `data` is null where the answer is not JSON.
export async function request(url, options) {
  const headers = { Accept: "application/json", ...(options.headers || {}) };
  const method = options.method || "GET";
  let body = options.body;
  if (options.json) {
    body = JSON.stringify(options.json);
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET") headers["X-CSRFToken"] = await token();
  // Not the phone's clock: somebody may set it meanwhile.
  const asked = performance.now();
  const call = { method, headers, body, credentials: "same-origin", cache: "no-store" };
  const response = await within(options.timeout || 20000, url, call);
  return { ...response, took: performance.now() - asked };
}

async function within(ms, url, call) {
  const abort = self.AbortController ? new AbortController() : null;
  if (abort) call.signal = abort.signal;
  let timer = 0;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => {
      reject(new NoAnswer("late"));
      if (abort) abort.abort();
    }, ms);
  });
  try {
    return await Promise.race([answer(url, call), late]);
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function answer(url, call) {
  const response = await fetch(url, call);
  const text = await response.text();
  let data = null;
  try {
    data = JSON.parse(text);
  } catch (error) {
    // A sign-in page of the network, a proxy's error: not the server's word.
  }
  return { status: response.status, data, answered: Date.now() };
}
