// Brings the NHS components to life, and charts where a page has any. Every page works without this file, but for passkeys.
import { initAll } from "./nhsuk-frontend-10.6.1/nhsuk-frontend.min.js";

// what only a script can do is off until its script listens, so that no press is lost
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[type=button]:disabled")) {
    button.disabled = false;
    button.removeAttribute("aria-disabled");
  }
});

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

if (document.querySelector("figure[data-chart]")) {
  const { enhanceCharts } = await import("./charts.js");
  await enhanceCharts(document);
}
