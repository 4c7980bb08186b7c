export { type BacktestReport, backtestPage } from "./backtest-page.ts";
export { cardPage } from "./card-page.ts";
export { type Digest, type DigestLine, digestOf } from "./digest/digest-of.ts";
export {
  digestMail,
  digestSlack,
  digestText,
  type SlackBlock,
  type SlackMessage,
  slackEscaped,
} from "./digest/formats.ts";
export { type Content, html, Markup } from "./html.ts";
export { monthPage } from "./month-page.ts";
export * from "./operation/index.ts";
export { contentSecurityPolicy, type PageOptions, page } from "./page.ts";
export { settingsText, type TuneReport, tunePage } from "./tune-page.ts";
