// Loaded before the first paint: light or dark as the reader chose, else as the device says.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("jiefa-theme"); } catch { /* storage may be closed */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
