// Points of areas: spread along one indicator, with median and quartiles, or between two. The table
// on the page holds the same; without JavaScript the chart is not shown.
(() => {
  const canvas = document.querySelector("[data-compare]");
  if (!canvas || !window.echarts) return;
  const data = JSON.parse(document.getElementById("compare-data").textContent);
  const SOFT = "#55616e";
  const ACCENT = "#0a4f8f";
  const LINE = { lineStyle: { color: "#e6eaee" } };

  function text(value, share) {
    return share ? `${Math.round(value * 100)}%` : value.toLocaleString("en");
  }

  function axis(name, share, values) {
    // A share ends at 100 % where none is above it.
    const whole = share && values.every((value) => value <= 1);
    const flat = values.length && Math.max(...values) === Math.min(...values);
    return {
      type: "value", name, nameLocation: "middle", nameGap: 32, scale: true, max: whole ? 1 : undefined, min: whole && flat ? 0 : undefined, splitLine: LINE,
      nameTextStyle: { color: SOFT }, axisLabel: { color: SOFT, hideOverlap: true, formatter: (value) => text(value, share) },
    };
  }

  // Areas with the same value stand beside each other, not upon each other.
  function lifted(points) {
    const values = points.map((point) => point.value);
    const width = (Math.max(...values) - Math.min(...values)) / 40 || 1;
    const seen = new Map();
    return points.map((point) => {
      const place = Math.round(point.value / width);
      const count = seen.get(place) || 0;
      seen.set(place, count + 1);
      const step = Math.ceil(count / 2) * (count % 2 ? 1 : -1);
      return 1 + Math.max(-0.42, Math.min(0.42, step * 0.14));
    });
  }

  function spread() {
    const [lowest, lower, median, upper, highest] = data.five;
    const heights = lifted(data.points);
    return {
      animation: false,
      grid: { left: 24, right: 24, top: 20, bottom: 36, containLabel: true },
      tooltip: { trigger: "item", renderMode: "richText", confine: true, formatter: (p) => (p.data.point ? `${p.data.point.name}\n${p.data.point.text}\n${p.data.point.place}` : "") },
      xAxis: axis(data.name, data.share, data.points.map((point) => point.value)),
      yAxis: { type: "value", min: 0, max: 2, show: false },
      series: [
        {
          type: "scatter", symbolSize: 12, itemStyle: { color: ACCENT, opacity: 0.75 },
          data: data.points.map((point, index) => ({ value: [point.value, heights[index] - 0.45], point })),
          markLine: data.whole === null || data.whole === undefined ? undefined : {
            symbol: "none", silent: true, lineStyle: { color: "#a3231b", type: "dashed", width: 1.5 },
            label: { formatter: data.wholeName, color: "#a3231b", position: "insideEndTop", rotate: 0, distance: 4 },
            data: [{ xAxis: data.whole }],
          },
        },
        {
          type: "custom", silent: true,
          data: data.five.length ? [[lowest, lower, median, upper, highest]] : [],
          encode: { x: [0, 1, 2, 3, 4] },
          renderItem: (params, api) => {
            const at = (value, height) => api.coord([value, height]);
            const style = { stroke: SOFT, lineWidth: 2, fill: "#e8f0f8" };
            const line = (a, b) => ({ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style });
            const [q1, q3] = [at(lower, 1.8), at(upper, 1.35)];
            return {
              type: "group",
              children: [
                line(at(lowest, 1.575), at(lower, 1.575)), line(at(upper, 1.575), at(highest, 1.575)),
                { type: "rect", shape: { x: q1[0], y: q1[1], width: Math.max(q3[0] - q1[0], 1), height: q3[1] - q1[1] }, style },
                { ...line(at(median, 1.8), at(median, 1.35)), style: { stroke: "#1c2530", lineWidth: 3 } },
              ],
            };
          },
        },
      ],
    };
  }

  function cloud() {
    const known = data.points.filter((point) => point.value.every((value) => value !== null));
    const [x, y] = data.axes;
    return {
      animation: false,
      grid: { left: 48, right: 32, top: 20, bottom: 40, containLabel: true },
      tooltip: { trigger: "item", renderMode: "richText", confine: true, formatter: (p) => `${p.data.point.name}\n${x.name}: ${p.data.point.texts[0]}\n${y.name}: ${p.data.point.texts[1]}` },
      xAxis: axis(x.name, x.share, known.map((point) => point.value[0])),
      yAxis: { ...axis(y.name, y.share, known.map((point) => point.value[1])), nameGap: 48 },
      series: [{
        type: "scatter", symbolSize: 13, itemStyle: { color: ACCENT, opacity: 0.8 },
        label: { show: known.length <= 20, formatter: (p) => p.data.point.name, position: "top", color: SOFT, fontSize: 12 },
        labelLayout: { hideOverlap: true },
        data: known.map((point) => ({ value: point.value, point })),
      }],
    };
  }

  canvas.hidden = false;
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(data.kind === "spread" ? spread() : cloud());
  chart.on("click", (event) => { if (event.data?.point) window.location.assign(event.data.point.url); });
  new ResizeObserver(() => chart.resize()).observe(canvas);
})();
