// Brings the NHS components to life, and charts where a page has any. Every page also works without this file.
import { initAll } from "./nhsuk-frontend-10.6.1/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

if (document.querySelector("figure[data-chart]")) {
  const { enhanceCharts } = await import("./charts.js");
  await enhanceCharts(document);
}
