// Maps of stations: show one, pick a place for one, show all of an area. The ground is the
// outlines of the divisions; a tile server comes below where one is configured. Without
// JavaScript the numbers and the list say the same.
(() => {
  const WIDE = { color: "#8793a0", weight: 2, fillColor: "#fff", fillOpacity: 0.75, interactive: false };
  const NARROW = { ...WIDE, weight: 1.2, fill: false };
  // A state has a size and a filling as well as a colour.
  const LOOKS = {
    good: { radius: 5, color: "#1f7a4d", weight: 1.5, fillColor: "#bfe3cf", fillOpacity: 1 },
    inspection: { radius: 6, color: "#a86a00", weight: 2, fillColor: "#fff", fillOpacity: 1 },
    repair: { radius: 6.5, color: "#a86a00", weight: 2, fillColor: "#f5c46b", fillOpacity: 1 },
    overdue: { radius: 8, color: "#8f1d16", weight: 2.5, fillColor: "#d9483f", fillOpacity: 1 },
    ended: { radius: 5, color: "#55616e", weight: 1.5, fillColor: "#d9dfe6", fillOpacity: 1 },
  };
  const ONE = { radius: 9, color: "#0a4f8f", weight: 3, fillColor: "#5b9bd0", fillOpacity: 1 };
  const CHINA = [[18, 73], [54, 135]];
  const CLOSE = 14;

  async function json(url) {
    const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // The outlines, the widest area first; a name stands in each area of the narrowest.
  async function ground(map, urls, renderer) {
    const found = await Promise.all(urls.map((url) => json(url).catch(() => null)));
    const layers = found
      .filter((one) => one && one.features.length)
      .map((one, step) => L.geoJSON(one, { style: step ? NARROW : WIDE, renderer }).addTo(map));
    const invented = found.some((one) => one && one.features.some((area) => area.properties.schematic));
    if (invented) L.control.attribution({ prefix: false }).addAttribution(map.getContainer().dataset.schematic).addTo(map);
    const last = layers.at(-1);
    if (last) last.eachLayer((area) => area.bindTooltip(area.feature.properties.name, { permanent: true, direction: "center", className: "area-name" }));
    return last || null;
  }

  // Near enough to see the village around a place, far enough to know which one it is.
  function around(layer, at) {
    const near = layer ? layer.getLayers().map((area) => area.getBounds()).filter((box) => box.contains(at)) : [];
    const size = (box) => box.getNorthEast().distanceTo(box.getSouthWest());
    return near.sort((one, other) => size(one) - size(other))[0] || null;
  }

  function start(panel) {
    const map = L.map(panel, { preferCanvas: true, zoomSnap: 0.5, maxBounds: [[0, 60], [60, 145]], attributionControl: false, scrollWheelZoom: panel.dataset.stationMap !== "show" });
    L.control.scale({ imperial: false }).addTo(map);
    const tiles = panel.dataset.tiles;
    if (tiles) L.tileLayer(tiles, { maxZoom: 18, subdomains: "01234567" }).addTo(map);
    map.fitBounds(CHINA);
    return map;
  }

  function urlsOf(panel) {
    return (panel.dataset.outlines || "").split(" ").filter(Boolean);
  }

  async function show(panel) {
    const map = start(panel);
    const at = [Number(panel.dataset.latitude), Number(panel.dataset.longitude)];
    map.setView(at, CLOSE);
    const renderer = L.canvas();
    const marker = L.circleMarker(at, { ...ONE, renderer }).addTo(map);
    const outlines = await ground(map, urlsOf(panel), renderer);
    const village = panel.dataset.tiles ? null : around(outlines, at);
    if (village) map.fitBounds(village);
    marker.bringToFront();
  }

  async function pick(panel) {
    const field = (name) => document.getElementById(panel.dataset[name]);
    const longitude = field("longitudeField");
    const latitude = field("latitudeField");
    const datum = field("datumField");
    const map = start(panel);
    // One canvas for ground and marker: of two, the later would lie over the earlier.
    const renderer = L.canvas();
    let marker = null;

    function place(at) {
      if (marker) marker.setLatLng(at);
      else marker = L.circleMarker(at, { ...ONE, renderer }).addTo(map);
    }
    // Numbers of another map are converted by the server; here they would stand in the wrong place.
    function typed() {
      const at = [Number(latitude.value), Number(longitude.value)];
      if (!latitude.value || !longitude.value || at.some(Number.isNaN) || datum.value !== "wgs84") {
        if (marker) marker.remove();
        marker = null;
        return false;
      }
      place(at);
      return at;
    }
    map.on("click", ({ latlng }) => {
      const at = latlng.wrap();
      longitude.value = at.lng.toFixed(6);
      latitude.value = at.lat.toFixed(6);
      datum.value = "wgs84";
      place(at);
    });
    for (const input of [longitude, latitude, datum]) input.addEventListener("change", typed);

    const known = typed();
    const centre = (panel.dataset.centre || "").split(",").map(Number);
    if (known) map.setView(known, CLOSE);
    else if (panel.dataset.centre) map.setView([centre[1], centre[0]], CLOSE - 1);
    const outlines = await ground(map, urlsOf(panel), renderer);
    const at = known || (panel.dataset.centre ? [centre[1], centre[0]] : null);
    const village = panel.dataset.tiles || !at ? null : around(outlines, at);
    if (village) map.fitBounds(village);
    else if (!at && outlines) map.fitBounds(outlines.getBounds());
    if (marker) marker.bringToFront();
  }

  function popup(properties) {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.name;
    const kind = document.createElement("div");
    kind.textContent = properties.kind;
    box.append(link, kind);
    return box;
  }

  async function all(panel) {
    const map = start(panel);
    const note = document.querySelector("[data-map-note]");
    const renderer = L.canvas({ tolerance: 8 });
    const outlines = ground(map, urlsOf(panel), renderer);
    let points = null;
    try {
      points = await json(panel.dataset.points);
    } catch {
      note.textContent = panel.dataset.failed;
    }
    const found = await outlines;
    if (found) map.fitBounds(found.getBounds());
    if (!points) return;
    const layer = L.geoJSON(points, {
      pointToLayer: ({ properties }, at) => L.circleMarker(at, { ...(LOOKS[properties.state] || LOOKS.good), renderer }),
    }).addTo(map);
    // What is most urgent lies on top.
    for (const state of ["inspection", "repair", "overdue"]) {
      layer.eachLayer((marker) => marker.feature.properties.state === state && marker.bringToFront());
    }
    layer.bindPopup((marker) => popup(marker.feature.properties));
    panel.dataset.shown = points.features.length;
    if (!points.features.length) note.textContent = panel.dataset.none;
    else if (!found) map.fitBounds(layer.getBounds().pad(0.1));
  }

  const MODES = { show, pick, all };
  for (const panel of document.querySelectorAll("[data-station-map]")) MODES[panel.dataset.stationMap](panel);
})();
