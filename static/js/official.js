// The button that prints, and the receipt's code at the foot of each sheet: only a property of the
// page's style can reach there. Without it the browser's own menu prints, with the code once.
(() => {
  const { running } = document.querySelector("[data-running]").dataset;
  document.documentElement.style.setProperty("--running", JSON.stringify(running));
  // Only a paper with its receipt has it; a draft has the form that asks for one.
  const button = document.querySelector("[data-print]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  // Whoever asked for the receipt asked to print; not again when the page is loaded once more.
  const [way] = performance.getEntriesByType("navigation");
  if (way?.type === "navigate" && document.referrer.split("?")[0] === location.href.split("?")[0]) {
    window.addEventListener("load", () => window.print());
  }
})();
