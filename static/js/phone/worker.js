// Opens the phone's page without a network. Keeps the shell and its files, nothing of anybody.
import "./background.js";

const PREFIX = "phone-";
// A page that does not come within this time comes from the phone; the news follow by themselves.
const PATIENCE = 4000;

function cacheName() {
  return PREFIX + self.SHELL.version;
}

let opened = null;

// Opened once.
function stored(path) {
  opened = opened || caches.open(cacheName());
  return opened.then((cache) => cache.match(path));
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(cacheName())
      .then((cache) => Promise.all([cache.addAll(self.SHELL.assets), fetchShell(cache)]))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.indexOf(PREFIX) === 0 && name !== cacheName()))
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

function fetchShell(cache) {
  return fetch("/m/shell/", { credentials: "same-origin", cache: "no-store" }).then((response) => {
    if (!response.ok || response.redirected) throw new Error("no shell");
    return cache.put("/m/shell/", response);
  });
}

self.addEventListener("message", (event) => {
  const lang = event.data && event.data.shell;
  if (lang) event.waitUntil(inLanguage(lang).catch(() => {}));
});

// The shell speaks the language that the person chose last.
function inLanguage(lang) {
  return caches.open(cacheName()).then((cache) =>
    cache
      .match("/m/shell/")
      .then((shell) => (shell ? shell.headers.get("Content-Language") : null))
      .then((stored) => (stored === lang ? null : fetchShell(cache)))
  );
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.indexOf("/m/") === 0) {
    event.respondWith(page(request));
  } else if (self.SHELL.assets.indexOf(url.pathname) >= 0) {
    event.respondWith(stored(url.pathname).then((found) => found || fetch(request)));
  }
});

// The shell is Today and the form of a session; every other page is worth waiting for.
const IN_SHELL = /^\/m\/(log\/\d{17}\/)?$/;

// The network first, but not for long.
function page(request) {
  const shell = () => stored("/m/shell/");
  const answer = fetch(request).then((response) =>
    response.status >= 500 ? shell().then((found) => found || response) : response
  );
  const first = answer.catch(shell).then((found) => found || answer);
  if (!IN_SHELL.test(new URL(request.url).pathname)) return first;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(shell);
  return Promise.race([first, late.then((found) => found || first)]);
}
