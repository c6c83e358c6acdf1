// Puts an interactive chart in the place of each drawing that came with the page. A chart that fails leaves the drawing.
import { embed, expressionInterpreter } from "./vega-6.4.0/vega.min.js";

const OPTIONS = {
  mode: "vega-lite",
  renderer: "svg",
  ast: true, // our Content-Security-Policy forbids evaluating strings, so expressions are interpreted
  expr: expressionInterpreter,
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

export async function enhanceCharts(root) {
  for (const figure of root.querySelectorAll("figure[data-chart]")) {
    await enhance(figure);
  }
}

async function enhance(figure) {
  const drawing = figure.querySelector(".app-chart__drawing");
  const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const live = document.createElement("div");
  live.className = "app-chart__live";
  drawing.append(live);
  try {
    await embed(live, spec, OPTIONS);
    const still = drawing.querySelector("img");
    const moving = live.querySelector("svg");
    moving.setAttribute("role", "img"); // the chart is told by the words of the drawing it replaces
    moving.setAttribute("aria-label", still.alt);
    still.setAttribute("hidden", "");
    figure.dataset.chart = "live";
  } catch (fault) {
    live.remove();
    console.warn(`A chart stays a drawing: ${fault.message}`);
  }
}
