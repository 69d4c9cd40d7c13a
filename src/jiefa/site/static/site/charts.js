// Draws every [data-chart]: option from its JSON block, colours from the tokens, numbers in the reader's language.
(() => {
  "use strict";
  if (!window.echarts) return;
  const root = document.documentElement;
  const chinese = root.lang.startsWith("zh");
  const drawn = new Map();
  const maps = new Map();
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- numbers ---
  const trim = (number, places) => number.toLocaleString("en", { maximumFractionDigits: places });
  function short(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return "—";
    const size = Math.abs(value);
    const scales = chinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "bn"], [1e6, "M"], [1e4, "k", 1e3]];
    for (const [from, word, by] of scales) if (size >= from) return trim(value / (by ?? from), size / (by ?? from) < 100 ? 2 : 1) + word;
    return trim(value, size < 10 ? 2 : size < 100 ? 1 : 0);
  }
  function tip(params) {
    const point = params.data ?? {};
    const box = document.createElement("div");
    box.className = "tip";
    const head = document.createElement("b");
    head.textContent = point.title ?? params.seriesName ?? params.name;
    const text = document.createElement("span");
    text.textContent = point.text ?? (point.exact ? point.exact : short(point.value));
    box.append(head, text);
    return box;
  }
  const formatters = {
    "@short": short,
    "@shortAbsolute": (value) => short(Math.abs(value)),
    "@tip": tip,
    "@mapLabel": (params) => params.data?.title ?? "",
    "@mark": (params) => params.data?.mark ?? "",
    "@pointShort": (params) => short(params.value),
  };

  // --- tokens ---
  function resolve(node, style) {
    if (Array.isArray(node)) return node.map((item) => resolve(item, style));
    if (node && typeof node === "object") {
      const result = {};
      for (const [key, value] of Object.entries(node)) result[key] = resolve(value, style);
      return result;
    }
    if (typeof node !== "string") return node;
    if (node.startsWith("$")) return style.getPropertyValue(`--${node.slice(1)}`).trim() || "#888";
    return formatters[node] ?? node;
  }
  const theme = (style) => ({
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: style.getPropertyValue("--ink").trim() },
    tooltip: {
      backgroundColor: style.getPropertyValue("--surface").trim(),
      borderColor: style.getPropertyValue("--rule-strong").trim(),
      padding: [6, 10],
      textStyle: { color: style.getPropertyValue("--ink").trim(), fontSize: 13 },
    },
  });

  // --- drawing ---
  async function loadMap(name, url) {
    if (!maps.has(name)) {
      maps.set(name, fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      }).then((shape) => window.echarts.registerMap(name, shape)));
    }
    return maps.get(name);
  }
  async function draw(canvas) {
    const source = document.getElementById(`${canvas.id}-option`);
    if (!source) return;
    const raw = JSON.parse(source.textContent);
    if (canvas.dataset.map) await loadMap(canvas.dataset.map, canvas.dataset.mapUrl);
    if (!canvas.isConnected) return;
    drawn.get(canvas)?.dispose();
    const style = getComputedStyle(root);
    // Drawn in a nameless child: htmx copies the style attribute of named elements when it swaps, which the page's policy forbids.
    const stage = document.createElement("div");
    stage.className = "chart-stage";
    canvas.replaceChildren(stage);
    const chart = window.echarts.init(stage, theme(style), { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
    chart.setOption(resolve(raw, style));
    drawn.set(canvas, chart);
    chart.on("click", (params) => { if (params.data?.href) location.assign(params.data.href); });
    if (canvas.dataset.map) {
      chart.on("mouseover", (params) => light(params.name, canvas));
      chart.on("mouseout", () => light(null, canvas));
    }
    watcher.observe(canvas);
  }
  const watcher = new ResizeObserver((entries) => {
    for (const entry of entries) if (entry.target.clientWidth) drawn.get(entry.target)?.resize();
  });
  function drawAll() {
    for (const canvas of drawn.keys()) {
      if (canvas.isConnected) continue;
      drawn.get(canvas).dispose();
      drawn.delete(canvas);
    }
    for (const canvas of all("[data-chart]")) if (!drawn.has(canvas)) draw(canvas).catch((error) => fail(canvas, error));
  }
  function fail(canvas, error) {
    console.error(error);
    twin(canvas, true);
  }
  const redraw = () => { for (const canvas of drawn.keys()) draw(canvas); };

  // --- map, tiles and ranking light each other ---
  function light(code, from) {
    const group = (from ?? document).closest?.("[data-linked]") ?? document;
    for (const item of all("[data-code]", group)) item.classList.toggle("lit", item.dataset.code === code);
  }
  for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => {
      const item = event.target.closest?.("[data-code]");
      if (!item) return;
      const group = item.closest("[data-linked]");
      if (!group) return;
      light(on ? item.dataset.code : null, item);
      for (const canvas of all("[data-map]", group)) {
        drawn.get(canvas)?.dispatchAction({ type: on ? "highlight" : "downplay", seriesIndex: 0, name: item.dataset.code });
      }
    });
  }

  // --- table twin and downloads ---
  const boxOf = (node) => node.closest("[data-chart-box]");
  function twin(node, show) {
    const box = boxOf(node);
    const table = box.querySelector(".chart-twin");
    const canvas = box.querySelector("[data-chart]");
    table.hidden = !show;
    canvas.hidden = show;
    box.querySelector("[data-twin]")?.setAttribute("aria-pressed", String(show));
    if (!show) drawn.get(canvas)?.resize();
  }
  function save(name, url) {
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  }
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  function csvOf(table) {
    const lines = [...table.rows].map((row) => [...row.cells].map((cell) => {
      const text = cell.textContent.trim();
      return quoted(cell.classList.contains("n") ? text.replaceAll(",", "").replace("\u2212", "-") : text);
    }).join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-twin], [data-save-png], [data-save-csv]");
    if (!button) return;
    const box = boxOf(button);
    const canvas = box.querySelector("[data-chart]");
    if ("twin" in button.dataset) twin(button, box.querySelector(".chart-twin").hidden);
    if ("savePng" in button.dataset && drawn.has(canvas)) {
      save(`${box.dataset.name}.png`, drawn.get(canvas).getDataURL({ pixelRatio: 2, backgroundColor: getComputedStyle(root).getPropertyValue("--surface").trim() }));
    }
    if ("saveCsv" in button.dataset) {
      const url = URL.createObjectURL(new Blob([csvOf(box.querySelector("table"))], { type: "text/csv" }));
      save(`${box.dataset.name}.csv`, url);
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    }
  });

  // --- life of the page ---
  document.addEventListener("jiefa:theme", redraw);
  document.addEventListener("htmx:after:swap", drawAll);
  let before = null;
  window.addEventListener("beforeprint", () => { before = root.dataset.bsTheme; root.dataset.bsTheme = "light"; if (before === "dark") redraw(); });
  window.addEventListener("afterprint", () => { root.dataset.bsTheme = before; if (before === "dark") redraw(); });
  drawAll();
})();
