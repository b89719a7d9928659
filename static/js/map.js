// The map of an area's children: outlines where they are known, a grid of tiles where they are not.
// The table on the page holds the same figures; without JavaScript the map is not shown.
window.CoverageMap = (() => {
  const SHADES = ["#eaf1f8", "#c3d8ec", "#8fb6da", "#4079b3", "#2268a8", "#0a4f8f"];
  // From here on a shade is too dark for dark letters.
  const DARK = 3;
  const SHARE_STEPS = [0.5, 0.7, 0.8, 0.9, 1];
  const INK = "#1c2530";
  const UNKNOWN = "#f1f2f4";
  let chart = null;
  let chosen = null;

  function column(data) {
    return data.columns.find((one) => one.key === chosen) || data.columns[0];
  }

  // Where one shade ends and the next begins: fixed for shares, else equal steps from the lowest
  // to the highest of the children.
  function steps(data, one) {
    if (one.share) return SHARE_STEPS;
    const values = data.children.map((child) => child.values[one.key]).filter((value) => isKnown(value));
    if (!values.length) return [];
    const low = Math.min(...values);
    const width = (Math.max(...values) - low) / SHADES.length;
    const fine = width < 1 && values.some((value) => !Number.isInteger(value)) ? 100 : 1;
    const all = SHADES.slice(1).map((_, index) => Math.round((low + width * (index + 1)) * fine) / fine);
    return [...new Set(all)].filter((step) => step > low);
  }

  function isKnown(value) {
    return value !== null && value !== undefined;
  }

  function shade(value, limits) {
    return isKnown(value) ? limits.filter((limit) => value >= limit).length : null;
  }

  function words(limit, one) {
    return one.share ? `${Math.round(limit * 100)}%` : limit.toLocaleString("en");
  }

  function legend(list, data, one, limits) {
    const used = limits.length + 1;
    const items = Array.from({ length: used }, (_, step) => {
      if (step === 0) return limits.length ? `< ${words(limits[0], one)}` : "";
      const from = words(limits[step - 1], one);
      if (step === limits.length) return one.share ? from : `≥ ${from}`;
      return `${from} – ${words(limits[step], one)}`;
    }).map((text, step) => legendItem(`map-tile-${step}`, text));
    if (data.children.some((child) => !isKnown(child.values[one.key]))) {
      items.push(legendItem("map-tile-unknown", data.words.noData));
    }
    list.replaceChildren(...items.filter((item) => item.textContent));
  }

  function legendItem(shadeClass, text) {
    const item = document.createElement("li");
    const swatch = document.createElement("span");
    swatch.className = `map-swatch ${shadeClass}`;
    item.append(swatch, text);
    return item;
  }

  // Where most is left to do comes first: the share that is lowest over the children.
  function weakest(data) {
    const mean = (one) => {
      const known = data.children.map((child) => child.values[one.key]).filter((value) => isKnown(value));
      return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : Infinity;
    };
    const wanted = data.columns.filter((one) => one.share && one.target);
    const shares = wanted.length ? wanted : data.columns.filter((one) => one.share);
    return shares.reduce((low, one) => (mean(one) < mean(low) ? one : low), shares[0] || data.columns[0]);
  }

  function fillChoice(select, data, onChange) {
    if (!select.options.length) {
      for (const one of data.columns) select.add(new Option(one.name, one.key));
      select.value = weakest(data).key;
      select.addEventListener("change", () => { chosen = select.value; onChange(); });
    }
    chosen = select.value;
  }

  function option(data, schematic) {
    const one = column(data);
    const limits = steps(data, one);
    // A wall screen is read from across a room.
    const letters = data.look ? data.look.size : 11;
    const byCode = Object.fromEntries(data.children.map((child) => [child.code, child]));
    return {
      animation: false,
      aria: { enabled: false },
      tooltip: {
        trigger: "item", renderMode: "richText", confine: true,
        formatter: (p) => {
          const child = byCode[p.name];
          return child ? `${child.name}\n${one.name}: ${child.texts[one.key] ?? data.words.noData}` : "";
        },
      },
      series: [{
        labelLayout: { hideOverlap: true },
        type: "map", map: "children", nameProperty: "area_code", roam: false,
        // Degrees of longitude are shorter than those of latitude at 35° north.
        aspectScale: 0.82,
        selectedMode: false, left: 8, right: 8, top: 8, bottom: 8,
        itemStyle: { areaColor: UNKNOWN, borderColor: "#fff", borderWidth: schematic ? 2 : 1.5 },
        emphasis: {
          label: { show: true, color: INK },
          itemStyle: { areaColor: null, borderColor: "#f2a900", borderWidth: 3 },
        },
        label: { show: true, fontSize: letters, lineHeight: Math.round(letters * 1.25), color: INK },
        data: data.children.map((child) => {
          const step = shade(child.values[one.key], limits);
          const dark = step !== null && step >= DARK;
          const text = child.texts[one.key] ?? data.words.noData;
          return {
            name: child.code,
            value: child.values[one.key] ?? undefined,
            itemStyle: step === null
              ? { areaColor: UNKNOWN, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: "#b9c3ce" } }
              : { areaColor: SHADES[step] },
            emphasis: { itemStyle: { areaColor: step === null ? UNKNOWN : SHADES[step] }, label: { color: dark ? "#fff" : INK } },
            label: { color: dark ? "#fff" : INK, formatter: `${child.name}\n${text}` },
          };
        }),
      }],
    };
  }

  function tiles(canvas, data) {
    const one = column(data);
    const limits = steps(data, one);
    const list = document.createElement("ul");
    list.className = "map-tiles";
    for (const child of data.children) {
      const step = shade(child.values[one.key], limits);
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = child.url;
      link.className = step === null ? "map-tile map-tile-unknown" : `map-tile map-tile-${step}`;
      const name = document.createElement("span");
      name.textContent = child.name;
      const value = document.createElement("strong");
      value.textContent = child.texts[one.key] ?? data.words.noData;
      link.append(name, value);
      item.append(link);
      list.append(item);
    }
    canvas.replaceChildren(list);
    canvas.removeAttribute("role");
    canvas.removeAttribute("aria-label");
    canvas.classList.remove("chart");
  }

  async function outlines(url) {
    if (!url) return null;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/geo+json" } });
      const found = answer.ok ? await answer.json() : null;
      return found && found.features.length ? found : null;
    } catch {
      return null;
    }
  }

  function rings(geometry) {
    return geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((polygon) => polygon[0]);
  }

  function isInside([x, y], ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  // From a point to the stretch between two others. A name is wider than high, so room to the
  // sides counts less than room above and below.
  function distance([x, y], [ax, ay], [bx, by]) {
    const SIDES = 0.6;
    const [px, py, dx, dy] = [(x - ax) * SIDES, y - ay, (bx - ax) * SIDES, by - ay];
    const length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
    return Math.hypot(px - along * dx, py - along * dy);
  }

  // The name of an area stands where there is most room around it, never in its neighbour.
  function roomiest(geometry) {
    const GRID = 24;
    let best = { room: -1, at: undefined };
    for (const ring of rings(geometry)) {
      const xs = ring.map((point) => point[0]);
      const ys = ring.map((point) => point[1]);
      const [west, south] = [Math.min(...xs), Math.min(...ys)];
      const [dx, dy] = [(Math.max(...xs) - west) / GRID, (Math.max(...ys) - south) / GRID];
      for (let i = 1; i < GRID; i += 1) {
        for (let j = 1; j < GRID; j += 1) {
          const at = [west + i * dx, south + j * dy];
          if (!isInside(at, ring)) continue;
          const room = Math.min(...ring.map((point, k) => distance(at, point, ring[(k + 1) % ring.length])));
          if (room > best.room) best = { room, at };
        }
      }
    }
    return best.at;
  }

  let shapes;
  async function draw(panel, data) {
    if (!data.children.length || !data.columns.length) return;
    const canvas = panel.querySelector("[data-map-canvas]");
    const again = () => draw(panel, data.latest ? data.latest() : data);
    if (shapes === undefined) shapes = window.echarts ? await outlines(data.outlines) : null;
    panel.hidden = false;
    fillChoice(panel.querySelector("[data-map-choice]"), data, again);
    const one = column(data);
    legend(panel.querySelector("[data-map-legend]"), data, one, steps(data, one));
    if (!shapes) {
      tiles(canvas, data);
      return;
    }
    const schematic = shapes.features.some((feature) => feature.properties.schematic);
    if (!chart) {
      for (const feature of shapes.features) feature.properties.cp = roomiest(feature.geometry);
      window.echarts.registerMap("children", shapes);
      chart = window.echarts.init(canvas, null, { renderer: "canvas" });
      chart.on("click", (event) => {
        const latest = data.latest ? data.latest() : data;
        const child = latest.children.find((one) => one.code === event.name);
        if (child) window.location.assign(child.url);
      });
      new ResizeObserver(() => chart.resize()).observe(canvas);
    }
    chart.setOption(option(data, schematic));
    const missing = data.children.length - shapes.features.length;
    const note = schematic ? [data.words.schematic] : [];
    if (missing > 0) note.push(data.words.withoutOutline);
    panel.querySelector("[data-map-note]").textContent = note.join(" · ");
  }

  return { draw };
})();
