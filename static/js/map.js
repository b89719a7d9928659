// The map of an area's children: outlines where they are known, a grid of tiles where they are not.
// The table on the page holds the same figures; without JavaScript the map is not shown.
window.CoverageMap = (() => {
  const SHADES = ["#eaf1f8", "#c3d8ec", "#8fb6da", "#5590c4", "#2268a8", "#0a4f8f"];
  const INK = "#1c2530";
  const UNKNOWN = "#f1f2f4";
  let chart = null;
  let chosen = null;

  function column(data) {
    return data.columns.find((one) => one.key === chosen) || data.columns[0];
  }

  // From the lowest to the highest of the children; shares always from nought to the whole.
  function range(data, one) {
    const values = data.children.map((child) => child.values[one.key]).filter((v) => v !== null && v !== undefined);
    if (one.share) return [0, Math.max(1, ...values)];
    if (!values.length) return [0, 1];
    const low = Math.min(...values);
    const high = Math.max(...values);
    return low === high ? [Math.min(0, low), high || 1] : [low, high];
  }

  function shade(value, [low, high]) {
    if (value === null || value === undefined) return null;
    const place = high > low ? (value - low) / (high - low) : 1;
    return Math.max(0, Math.min(SHADES.length - 1, Math.floor(place * SHADES.length)));
  }

  function fillChoice(select, data, onChange) {
    if (!select.options.length) {
      for (const one of data.columns) select.add(new Option(one.name, one.key));
      select.addEventListener("change", () => { chosen = select.value; onChange(); });
    }
    chosen = select.value || data.columns[0].key;
  }

  function option(data, schematic) {
    const one = column(data);
    const limits = range(data, one);
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
        type: "map", map: "children", nameProperty: "area_code", roam: false,
        // Degrees of longitude are shorter than those of latitude at 35° north.
        aspectScale: 0.82, layoutCenter: ["50%", "50%"], layoutSize: "100%",
        selectedMode: false, left: 8, right: 8, top: 8, bottom: 8,
        itemStyle: { areaColor: UNKNOWN, borderColor: "#fff", borderWidth: schematic ? 2 : 1.5 },
        emphasis: {
          label: { show: true, color: INK },
          itemStyle: { areaColor: null, borderColor: "#f2a900", borderWidth: 3 },
        },
        label: { show: true, fontSize: 12, lineHeight: 16, color: INK },
        labelLayout: { hideOverlap: true },
        data: data.children.map((child) => {
          const step = shade(child.values[one.key], limits);
          const dark = step !== null && step >= 3;
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
    const limits = range(data, one);
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

  let shapes;
  async function draw(panel, data) {
    if (!data.children.length || !data.columns.length) return;
    const canvas = panel.querySelector("[data-map-canvas]");
    const again = () => draw(panel, data.latest ? data.latest() : data);
    if (shapes === undefined) shapes = window.echarts ? await outlines(data.outlines) : null;
    panel.hidden = false;
    fillChoice(panel.querySelector("[data-map-choice]"), data, again);
    if (!shapes) {
      tiles(canvas, data);
      return;
    }
    const schematic = shapes.features.some((feature) => feature.properties.schematic);
    if (!chart) {
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
