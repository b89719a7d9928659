// The page's side of the service worker. Everything works without one: WeChat on iOS has none.

export async function installWorker() {
  if (!navigator.serviceWorker) return;
  const options = { scope: "/m/", updateViaCache: "none" };
  await navigator.serviceWorker.register("/m/sw.js", options).catch(() => {});
  const { lang } = document.documentElement;
  const { active } = await navigator.serviceWorker.ready;
  if (active) active.postMessage({ shell: lang });
}

// Asks the browser to send even when this page is closed, where it can.
export async function wantSync() {
  if (!navigator.serviceWorker || !self.SyncManager) return;
  const registration = await navigator.serviceWorker.ready;
  if (registration.sync) await registration.sync.register("outbox").catch(() => {});
}
