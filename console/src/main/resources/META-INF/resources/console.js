"use strict";

// Curves: an element with data-plot is filled from the JSON at data-source, and again every five seconds while the page is seen.

const EVERY = 5000;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

const palette = () => ["accent", "negative", "positive", "warn", "neutral", "good", "bad", "none"].map(colour);

const axis = (more) => ({ stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 }, ...more });

/** A moment in UTC: ISO 8601 without its end, as everywhere on the pages. */
const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

const times = () => ({ label: "time", value: (plot, seconds) => (seconds == null ? "–" : clock(seconds)) });

const timeAxis = () => axis({ space: 90, values: (plot, seconds) => seconds.map((s, i) => clock(s).slice(i === 0 ? 5 : 11, s % 60 === 0 ? 16 : 19)) });

const line = (label, index, more) => ({ label, stroke: palette()[index % 8], width: 2, points: { show: false }, ...more });

/** Each kind of plot turns its JSON into what uPlot takes: series, axes, data. */
const plots = {
  lag(lines, element) {
    const points = (lines.find((l) => [l.group, l.topic, l.partition].join("/") === element.dataset.of) || { points: [] }).points;
    return {
      series: [times(), line("records", 0, { fill: palette()[0] + "22" }), line("oldest, s", 3, { scale: "s" })],
      axes: [timeAxis(), axis({ size: 70 }), axis({ side: 1, scale: "s", size: 60, grid: { show: false } })],
      scales: { y: { range: fromZero }, s: { range: fromZero } },
      data: [points.map((p) => p.epochSecond), points.map((p) => p.records), points.map((p) => p.seconds)],
    };
  },
  rejections(view) {
    const most = view.counts.slice().sort((a, b) => b.count - a.count).slice(0, 8);
    const seen = most.flatMap((c) => Object.keys(c.overTime).map(Number));
    const steps = [];
    // A step without any on either side, so that one alone is a peak and not a point.
    for (let step = Math.min(...seen) - 300; step <= Math.max(...seen) + 300; step += 300) {
      steps.push(step);
    }
    return {
      series: [times(), ...most.map((c, i) => line(c.stage + " " + c.reason, i, { points: { show: steps.length < 40 } }))],
      axes: [timeAxis(), axis({ size: 70 })],
      scales: { y: { range: fromZero } },
      data: [steps, ...most.map((c) => steps.map((step) => c.overTime[step] || 0))],
    };
  },
  dataset(view, element) {
    const points = (view.datasets.find((d) => d.name === element.dataset.of) || { overTime: [] }).overTime;
    return {
      series: [times(), line("negative", 1), line("neutral", 4), line("positive", 2)],
      axes: [timeAxis(), axis({ size: 70 })],
      scales: { y: { range: fromZero } },
      data: [points.map((p) => p.epochSecond), ...["negative", "neutral", "positive"].map((c) => points.map((p) => p.samples[c]))],
    };
  },
  loss: (runs) => overSteps(runs.flatMap((run, i) => [
    { label: run.name, index: i, points: run.steps.map((s) => [s.step, s.trainLoss]) },
    { label: run.name + ", validation", index: i, dash: [6, 4], points: run.steps.map((s) => [s.step, s.validationLoss]) },
  ])),
  validation: (runs) => overSteps(runs.map((run, i) => ({ label: run.name, index: i, points: run.steps.map((s) => [s.step, s.validationAccuracy]) })), true),
  accuracy(benchmarks, element) {
    const benchmark = benchmarks.find((b) => b.benchmark + "/" + b.protocol === element.dataset.of);
    const names = [...new Set(benchmark.measured.map((m) => m.run))];
    const steps = benchmark.measured.map((m) => m.step);
    const curves = names.flatMap((run, i) => {
      const own = benchmark.measured.filter((m) => m.run === run);
      const pairs = (key) => own.map((m) => [m.step, m[key]]);
      return [
        { label: run, index: i, points: pairs("accuracy") },
        { label: run + ", low", index: i, width: 0, points: pairs("low95") },
        { label: run + ", high", index: i, width: 0, points: pairs("high95") },
      ];
    });
    for (const [label, index, value] of [["majority", 3, benchmark.majority], ["chance", 7, benchmark.chance]]) {
      curves.push({ label, index, dash: [4, 4], points: steps.map((step) => [step, value]) });
    }
    const plot = overSteps(curves, true);
    plot.bands = names.map((run, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: palette()[i % 8] + "30" }));
    plot.scales.y = { range: [0, 1] };
    return plot;
  },
};

/** Curves over steps, each with points of its own; as percentages where they are fractions. */
function overSteps(curves, areFractions) {
  const steps = [...new Set(curves.flatMap((c) => c.points.map((p) => p[0])))].sort((a, b) => a - b);
  const value = (plot, v) => (v == null ? "–" : areFractions ? (100 * v).toFixed(1) + " %" : v.toFixed(4));
  const ticks = (plot, values) => values.map((v) => (areFractions ? Math.round(100 * v) + " %" : v));
  const x = { time: false };
  if (steps.length < 2) {
    x.range = (plot, low, high) => [0, 2 * (high || 1)];
  }
  return {
    series: [{ label: "step" }, ...curves.map((c) => line(c.label, c.index, { dash: c.dash, width: c.width ?? 2, points: { show: steps.length < 60 && c.width !== 0 && !c.dash }, spanGaps: true, value }))],
    axes: [axis(), axis({ size: 70, values: ticks })],
    scales: { x, y: {} },
    data: [steps, ...curves.map((c) => {
      const at = new Map(c.points);
      return steps.map((step) => at.get(step) ?? null);
    })],
  };
}

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
