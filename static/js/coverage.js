// Draws the charts, and asks every few seconds whether anything was counted since, while the page
// is looked at. The server answers 304 when not; otherwise only the parts that differ are replaced.
(() => {
  const EVERY_MS = 5000;
  const page = document.querySelector("[data-coverage]");
  if (!page) return;

  function data() {
    const read = JSON.parse(document.getElementById("coverage-data").textContent);
    read.latest = data;
    return read;
  }

  function draw() {
    const read = data();
    const map = page.querySelector("[data-map]");
    const trend = page.querySelector("[data-trend]");
    if (window.CoverageMap && map) window.CoverageMap.draw(map, read);
    if (window.CoverageTrend && trend) window.CoverageTrend.draw(trend, read);
  }

  // Keeps the focus on the same link, and a table where it was scrolled to.
  function replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const scrolled = old.querySelector(".table-wrap")?.scrollLeft || 0;
    for (const part of old.querySelectorAll("details[id]")) {
      const same = fresh.querySelector(`#${part.id}`);
      if (same) same.open = part.open;
    }
    old.replaceWith(fresh);
    if (scrolled) fresh.querySelector(".table-wrap").scrollLeft = scrolled;
    if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  function markChanges(old, fresh) {
    const before = new Map([...old.querySelectorAll("[data-measure]")].map((tile) => [tile.dataset.measure, tile.dataset.value]));
    for (const tile of fresh.querySelectorAll("[data-measure]")) {
      if (before.has(tile.dataset.measure) && before.get(tile.dataset.measure) !== tile.dataset.value) tile.classList.add("is-new");
    }
  }

  // What the page asked for afterwards stays until it is asked for again.
  function keepPast(fresh) {
    for (const place of fresh.querySelectorAll("[data-past]")) {
      const there = document.getElementById(place.id);
      if (there) place.replaceChildren(...[...there.childNodes].map((node) => node.cloneNode(true)));
    }
  }

  // The lines on the cards and what changed this week: read from other days, after the page itself.
  async function past() {
    try {
      const answer = await fetch(page.dataset.pastUrl, { redirect: "error" });
      if (answer.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of fresh.querySelectorAll("[data-past]")) {
        const old = document.getElementById(part.id);
        if (old && !old.isEqualNode(part)) replace(old, document.adoptNode(part));
      }
    } catch {
      // The links to the same figures stand on the page.
    }
  }

  function apply(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    let figuresChanged = false;
    keepPast(fresh);
    for (const part of fresh.querySelectorAll("[data-live]")) {
      const old = document.getElementById(part.id);
      if (!old || old.isEqualNode(part)) continue;
      figuresChanged ||= part.id !== "state";
      const adopted = document.adoptNode(part);
      markChanges(old, adopted);
      replace(old, adopted);
    }
    if (!figuresChanged) return;
    page.querySelector("[data-live-note]").textContent = page.dataset.updated;
    draw();
    past();
  }

  let version = page.dataset.liveVersion;
  let asking = false;
  async function ask() {
    if (asking || document.visibilityState !== "visible") return;
    asking = true;
    try {
      const headers = { "If-None-Match": version };
      const answer = await fetch(page.dataset.liveUrl, { headers, cache: "no-store", redirect: "error" });
      if (answer.status === 200) {
        version = answer.headers.get("ETag");
        apply(await answer.text());
      }
    } catch {
      // No network, or signed out: the page keeps its figures and their time, and asks again.
    } finally {
      asking = false;
    }
  }

  // On a phone the groups after the first are opened by a tap; otherwise the page is very long.
  if (window.matchMedia("(max-width: 600px)").matches) {
    for (const part of [...page.querySelectorAll("[data-part]")].slice(1)) part.removeAttribute("open");
  }
  page.querySelector("[data-trend-details]")?.removeAttribute("open");
  draw();
  past();
  window.setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
})();
