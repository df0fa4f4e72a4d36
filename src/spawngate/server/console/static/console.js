// What makes the pages quicker to use. Every page is complete without it.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // A select that is its form's only question asks it when it is changed.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-submit]")) field.form.requestSubmit();
    if (field.matches("[data-all]")) {
      for (const box of field.closest("form").querySelectorAll(`input[name="${field.dataset.all}"]`)) box.checked = field.checked;
    }
  });

  // `/` goes to the search, j and k walk the rows of a list, Escape leaves a menu.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/") {
      const field = document.querySelector('[data-key="/"]');
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    }
    if (event.key === "j" || event.key === "k") {
      const links = [...document.querySelectorAll(".list tbody th a, .list tbody td.first a")];
      if (!links.length) return;
      const at = links.indexOf(document.activeElement);
      const next = event.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
      links[next].focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  const colour = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    root.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  // The bars that the server drew, as a chart that shows its values under the pointer and can be zoomed.
  const draw = (figure) => {
    const times = figure.dataset.times.split(" ").filter(Boolean).map((each) => Date.parse(each) / 1000);
    const counts = figure.dataset.counts.split(" ").filter(Boolean).map(Number);
    if (times.length < 2 || !window.uPlot) return;
    const place = document.createElement("div");
    const tint = colour(figure.classList.contains("bad") ? "bad" : "accent");
    const dim = colour("dim");
    const line = colour("line");
    const hours = ["{HH}:{mm}", "\n{YYYY}-{MM}-{DD}", null, "\n{YYYY}-{MM}-{DD}", null, null, null, 1];
    const values = [[86400, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1], [3600, ...hours], [60, ...hours]];
    const axis = { stroke: dim, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "11px system-ui" };
    const chart = new uPlot({
      width: figure.clientWidth,
      height: 124,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      cursor: { drag: { x: true, y: false } },
      legend: { live: true },
      series: [{ label: "from, UTC", value: "{YYYY}-{MM}-{DD} {HH}:{mm}" }, { label: figure.dataset.label, stroke: tint, fill: tint, width: 0, paths: uPlot.paths.bars({ size: [0.8, 40] }), points: { show: false } }],
      axes: [{ ...axis, values, space: 84 }, { ...axis, size: 46, space: 22 }],
    }, [times, counts], place);
    figure.querySelector("svg")?.replaceWith(place);
    figure.querySelector("figcaption")?.remove();
    new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: 124 })).observe(figure);
  };
  const drawAll = () => {
    for (const figure of document.querySelectorAll("figure.chart[data-times]:not([data-drawn])")) {
      figure.dataset.drawn = "1";
      draw(figure);
    }
  };
  // Times in the viewer's zone behind those in UTC, which is what the trail and its queries speak.
  const zoned = () => {
    for (const time of document.querySelectorAll("time[datetime]:not([data-zoned])")) {
      time.dataset.zoned = "1";
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const here = at.toLocaleString("sv-SE", { timeZoneName: "short" });
      time.title = `${here}\n${time.title}`;
    }
  };
  const refresh = () => { drawAll(); zoned(); };
  refresh();
  document.addEventListener("htmx:after:swap", refresh);
})();
