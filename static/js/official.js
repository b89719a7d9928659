// The button that prints, and the receipt's code at the foot of each sheet: only a property of the
// page's style can reach there. Without it the browser's own menu prints, with the code once.
(() => {
  const button = document.querySelector("[data-print]");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  const { running } = document.querySelector("[data-running]").dataset;
  document.documentElement.style.setProperty("--running", JSON.stringify(running));
})();
