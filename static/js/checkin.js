// The position: asked for only when the box is ticked, rounded before it goes anywhere.
(function () {
  var form = document.querySelector("form[data-check-in]");
  if (!form || !navigator.geolocation) return;
  var box = form.querySelector("[data-consent]");
  var consent = form.querySelector('input[name="consent"]');
  var parts = ["asking", "known", "unknown"];

  function show(part) {
    parts.forEach(function (name) {
      box.querySelector("[data-" + name + "]").hidden = name !== part;
    });
  }

  function fill(longitude, latitude) {
    form.querySelector('input[name="longitude"]').value = longitude;
    form.querySelector('input[name="latitude"]').value = latitude;
  }

  box.hidden = false;
  consent.addEventListener("change", function () {
    fill("", "");
    if (!consent.checked) {
      show("");
      return;
    }
    show("asking");
    navigator.geolocation.getCurrentPosition(
      function (found) {
        if (!consent.checked) return;
        fill(found.coords.longitude.toFixed(2), found.coords.latitude.toFixed(2));
        show("known");
      },
      function () {
        consent.checked = false;
        show("unknown");
      },
      { enableHighAccuracy: false, maximumAge: 600000, timeout: 10000 }
    );
  });
})();
