// The wall screen: asks every few seconds, says at once when it can no longer know, and goes on by
// itself when it can. Nothing is added to the page as time goes by: parts are replaced in place.
(() => {
  const EVERY_MS = 5000;
  const ANSWER_WITHIN_MS = 8000;
  // After so long without an answer the figures are said to stand still.
  const STALE_MS = 20000;
  const RELOAD_AGAIN_MS = 600000;
  const wall = document.querySelector("[data-wall]");
  const link = document.querySelector("[data-link]");
  const clock = document.querySelector("[data-clock]");
  let version = wall.dataset.liveVersion;
  let build = null;
  let answeredAt = Date.now();
  let problem = "";
  let asking = false;
  // The screen's own clock may be wrong; the server says with each answer what time it is.
  let ahead = 0;

  const size = () => Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.65);

  function data() {
    const read = JSON.parse(document.getElementById("coverage-data").textContent);
    const style = getComputedStyle(document.body);
    read.look = {
      size: size(), ink: style.getPropertyValue("--ink-soft").trim(), line: style.getPropertyValue("--line").trim(),
      people: style.getPropertyValue("--warn").trim(),
    };
    read.latest = data;
    return read;
  }

  async function draw() {
    const read = data();
    const panel = wall.querySelector("[data-map]");
    await window.CoverageMap?.draw(panel, read);
    const choice = panel.querySelector("[data-map-choice]");
    const title = choice.selectedOptions[0]?.textContent;
    if (title) panel.querySelector("[data-map-title]").textContent = title;
    window.CoverageTrend?.draw(wall.querySelector("[data-trend]"), read);
  }

  function apply(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[data-live]")) {
      const old = document.getElementById(part.id);
      if (!old || old.isEqualNode(part)) continue;
      const before = new Map([...old.querySelectorAll("[data-measure]")].map((one) => [one.dataset.measure, one.dataset.value]));
      const adopted = document.adoptNode(part);
      for (const one of adopted.querySelectorAll("[data-measure]")) {
        if (before.has(one.dataset.measure) && before.get(one.dataset.measure) !== one.dataset.value) one.classList.add("is-new");
      }
      old.replaceWith(adopted);
    }
    newBuild();
    draw();
  }

  // After the server was renewed the screen takes the new page, at most every ten minutes.
  const loadedAt = Date.now();
  function newBuild() {
    const now = wall.querySelector("[data-build]")?.dataset.build || null;
    if (build && now && now !== build && Date.now() - loadedAt > RELOAD_AGAIN_MS) window.location.reload();
    if (!build) build = now;
  }

  async function ask() {
    if (asking) return;
    asking = true;
    const stop = new AbortController();
    const timer = window.setTimeout(() => stop.abort(), ANSWER_WITHIN_MS);
    try {
      const headers = { "If-None-Match": version };
      const answer = await fetch(wall.dataset.liveUrl, { headers, cache: "no-store", redirect: "manual", signal: stop.signal });
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
        problem = wall.dataset.signedOut;
      } else if (answer.status === 200 || answer.status === 304) {
        problem = "";
        const said = Date.parse(answer.headers.get("Date") || "");
        if (said) ahead = said - Date.now();
        if (answer.status === 200) {
          const html = await answer.text();
          version = answer.headers.get("ETag");
          apply(html);
        }
        answeredAt = Date.now();
      } else {
        problem = wall.dataset.failing;
      }
    } catch {
      problem = wall.dataset.lost;
    } finally {
      window.clearTimeout(timer);
      asking = false;
      tell();
    }
  }

  // The time of the place, whatever zone the screen is set to.
  const language = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en";
  const timeZone = wall.dataset.zone;
  const days = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", weekday: "long", timeZone });
  const times = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone });
  const time = (moment) => times.format(moment);

  function tell() {
    const isStale = Date.now() - answeredAt > STALE_MS || (problem && problem === wall.dataset.signedOut);
    const text = isStale ? `${problem || wall.dataset.lost} ${time(new Date(answeredAt + ahead))}` : wall.dataset.liveWord;
    link.classList.toggle("is-stale", Boolean(isStale));
    if (link.textContent !== text) link.textContent = text;
  }

  function tick() {
    const now = new Date(Date.now() + ahead);
    clock.textContent = `${days.format(now)}  ${time(now)}`;
    tell();
  }

  newBuild();
  draw();
  tick();
  window.setInterval(tick, 1000);
  window.setInterval(ask, EVERY_MS);
  window.addEventListener("online", ask);
})();
