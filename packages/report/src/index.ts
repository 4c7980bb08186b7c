export { type BacktestReport, backtestPage } from "./backtest-page.ts";
export { cardPage } from "./card-page.ts";
export { type Content, html, Markup } from "./html.ts";
export { monthPage } from "./month-page.ts";
export { page } from "./page.ts";
