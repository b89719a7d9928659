// Sessions (columns) and participants (line) by month; the table below the chart holds the same.
window.CoverageTrend = (() => {
  let chart = null;

  function option(data) {
    const small = window.matchMedia("(max-width: 600px)").matches;
    const last = data.months.length - 1;
    const { size, ink, line, people } = { size: 12, ink: "#55616e", line: "#e6eaee", people: "#7d4e00", ...data.look };
    return {
      animation: false,
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true,
        valueFormatter: (value) => (value === null || value === undefined ? data.words.noData : value.toLocaleString("en")),
      },
      legend: { top: 0, left: 0, itemGap: 20, textStyle: { color: data.look ? ink : "#1c2530", fontSize: size }, itemWidth: size * 2, itemHeight: size },
      grid: { left: 8, right: 8, top: size * 2 + 20, bottom: 4, containLabel: true },
      xAxis: {
        type: "category", data: data.months,
        axisLine: { lineStyle: { color: "#b9c3ce" } }, axisTick: { show: false },
        axisLabel: { color: ink, fontSize: size, interval: small || data.look ? 5 : 2, formatter: (month) => month.slice(2) },
      },
      yAxis: [data.words.sessions, data.words.participants].map((name, index) => ({
        type: "value", minInterval: 1, splitNumber: 4,
        splitLine: { show: index === 0, lineStyle: { color: line } },
        axisLabel: { color: ink, fontSize: size, formatter: (value) => compact(value) },
      })),
      series: [
        {
          name: data.words.sessions, type: "bar", barMaxWidth: 18, itemStyle: { color: "#5590c4", borderRadius: [2, 2, 0, 0] },
          // The month that still runs is drawn hollow.
          data: data.sessions.map((value, index) => (index === last && data.running
            ? { value, itemStyle: { color: data.look ? "transparent" : "#fff", borderColor: "#5590c4", borderWidth: 1.5 } } : value)),
        },
        {
          name: data.words.participants, type: "line", yAxisIndex: 1, symbol: "diamond", symbolSize: 7,
          lineStyle: { color: people, width: data.look ? 4 : 2 }, itemStyle: { color: people },
          data: data.participants,
        },
      ],
    };
  }

  function compact(value) {
    const zh = document.documentElement.lang.startsWith("zh");
    return new Intl.NumberFormat(zh ? "zh-CN" : "en", { notation: "compact" }).format(value);
  }

  function draw(canvas, data) {
    if (!window.echarts) return;
    canvas.hidden = false;
    if (!chart) {
      chart = window.echarts.init(canvas, null, { renderer: "canvas" });
      new ResizeObserver(() => chart.resize()).observe(canvas);
    }
    chart.setOption(option(data));
  }

  return { draw };
})();
