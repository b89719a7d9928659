// The code is fetched anew when its half minute is over; the page stays as it is.
(function () {
  var shown = document.querySelector("[data-leaders-code]");
  if (!shown || !window.fetch || !window.DOMParser) return;
  var timer = 0;
  var stale = document.querySelector("[data-stale]");
  document.querySelector("[data-without-script]").hidden = true;

  function later(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(renew, Math.max(1, seconds) * 1000);
  }

  function take(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var fresh = page.querySelector("[data-leaders-code]");
    if (!fresh) throw new Error("no code");
    fresh = document.importNode(fresh, true);
    shown.parentNode.replaceChild(fresh, shown);
    shown = fresh;
    stale.hidden = true;
    later(Number(shown.dataset.seconds));
  }

  function renew() {
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(take)
      .catch(function () {
        stale.hidden = false;
        later(5);
      });
  }

  // A page that slept shows an old code: it is renewed as soon as it is looked at.
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) renew();
  });
  later(Number(shown.dataset.seconds));
})();
