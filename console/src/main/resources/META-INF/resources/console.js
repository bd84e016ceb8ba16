"use strict";

// Curves: an element with data-plot is filled from the JSON at data-source, and again every five seconds while the page is seen.

const EVERY = 5000;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

const palette = () => ["accent", "negative", "positive", "warn", "neutral", "good", "bad", "none"].map(colour);

const axis = (more) => ({ stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 }, ...more });

const line = (label, index, more) => ({ label, stroke: palette()[index % 8], width: 2, points: { show: false }, ...more });

/** Each kind of plot turns its JSON into what uPlot takes: series, axes, data. */
const plots = {
  lag(lines, element) {
    const points = (lines[Number(element.dataset.index)] || { points: [] }).points;
    return {
      series: [{}, line("records", 0, { fill: palette()[0] + "22" }), line("oldest, s", 3, { scale: "s" })],
      axes: [axis(), axis({ size: 70 }), axis({ side: 1, scale: "s", size: 60, grid: { show: false } })],
      scales: { y: { range: fromZero }, s: { range: fromZero } },
      data: [points.map((p) => p.epochSecond), points.map((p) => p.records), points.map((p) => p.seconds)],
    };
  },
  rejections(view) {
    const most = view.counts.slice().sort((a, b) => b.count - a.count).slice(0, 8);
    const times = [...new Set(most.flatMap((c) => Object.keys(c.overTime).map(Number)))].sort((a, b) => a - b);
    return {
      series: [{}, ...most.map((c, i) => line(c.stage + " " + c.reason, i, { points: { show: times.length < 40 } }))],
      axes: [axis(), axis({ size: 70 })],
      scales: { y: { range: fromZero } },
      data: [times, ...most.map((c) => times.map((t) => c.overTime[t] || 0))],
    };
  },
};

function fromZero(plot, low, high) {
  return [0, Math.max(1, high * 1.05 || 1)];
}

async function draw(element) {
  const answer = await fetch(element.dataset.source);
  if (!answer.ok || !element.isConnected) {
    return;
  }
  const { data, ...options } = plots[element.dataset.plot](await answer.json(), element);
  if (element.plot && element.plot.series.length === options.series.length) {
    element.plot.setData(data);
    return;
  }
  if (element.plot) {
    element.plot.destroy();
  }
  element.plot = new uPlot({ width: element.clientWidth, height: Number(element.dataset.height || 190), tzDate: (s) => uPlot.tzDate(new Date(s * 1000), "Etc/UTC"), ...options }, data, element);
}

function drawAll() {
  if (!document.hidden) {
    document.querySelectorAll("[data-plot]").forEach((element) => draw(element).catch(() => {}));
  }
}

addEventListener("resize", () => document.querySelectorAll("[data-plot]").forEach((element) => element.plot && element.plot.setSize({ width: element.clientWidth, height: element.plot.height })));
document.addEventListener("visibilitychange", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
drawAll();
setInterval(drawAll, EVERY);
