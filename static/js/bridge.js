// The waterfall of a change: figures stand on the ground, parts hang between them. The table below
// the chart has the same; signs stand at the bars, so that no colour is needed.
(() => {
  const source = document.getElementById("bridge-data");
  if (!source || !window.echarts) return;
  const data = JSON.parse(source.textContent);

  function colour(bar) {
    if (bar.key === "start" || bar.key === "end") return "#5590c4";
    return bar.to >= bar.from ? "#2b8a57" : "#b4552d";
  }

  function option(bars, narrow) {
    const ends = bars.flatMap((bar) => [bar.from, bar.to]);
    const parts = bars.filter((bar) => bar.key !== "start" && bar.key !== "end");
    const near = Math.min(bars[0].to, bars[bars.length - 1].to, ...parts.map((bar) => Math.min(bar.from, bar.to)));
    const span = Math.max(...ends) - near;
    // Where the change is small beside the figure, the axis begins near it, and says so.
    const min = near > 0 && span < near ? Math.max(0, Math.floor(near - span * 0.6)) : null;
    const floor = min === null ? 0 : min;
    return {
      animation: false,
      grid: { left: 8, right: 8, top: 28, bottom: 4, containLabel: true },
      xAxis: {
        type: "category", data: bars.map((bar) => bar.name),
        axisLine: { lineStyle: { color: "#b9c3ce" } }, axisTick: { show: false },
        axisLabel: { color: "#55616e", interval: 0, width: narrow ? 52 : 120, overflow: "break" },
      },
      yAxis: {
        type: "value", minInterval: 1, splitNumber: 4, min: min === null ? undefined : min,
        splitLine: { lineStyle: { color: "#e6eaee" } }, axisLabel: { color: "#55616e" },
      },
      series: [
        { type: "bar", stack: "all", silent: true, itemStyle: { color: "transparent" }, data: bars.map((bar) => Math.max(Math.min(bar.from, bar.to), floor)) },
        {
          type: "bar", stack: "all", barMaxWidth: 56,
          label: { show: true, position: "top", color: "#1c2530", formatter: (one) => bars[one.dataIndex].text },
          data: bars.map((bar) => ({
            value: Math.abs(bar.to - bar.from) - (Math.min(bar.from, bar.to) < floor ? floor - Math.min(bar.from, bar.to) : 0),
            itemStyle: { color: colour(bar), borderRadius: 2 },
          })),
        },
      ],
    };
  }

  for (const canvas of document.querySelectorAll("[data-bridge]")) {
    const bars = data[canvas.dataset.bridge];
    // Bars below nought would need a second ground; the table says it all.
    if (!bars || bars.some((bar) => Math.min(bar.from, bar.to) < 0)) continue;
    canvas.hidden = false;
    const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    const show = () => chart.setOption(option(bars, canvas.clientWidth < 520));
    show();
    new ResizeObserver(() => {
      chart.resize();
      show();
    }).observe(canvas);
  }
})();
