import { html, Markup } from "./html.ts";

const style = new Markup(`
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6b7c; --line: #d7dde4; --paper: #fff; --mark: #1664c0; --other: #b35c00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5; --line: #384454; --paper: #141a22; --mark: #6ab0ff; --other: #ffb066; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
p.lead { color: var(--soft); } p.remark { border-left: 4px solid var(--other); padding-left: .75rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
figure { display: inline-block; margin: 1rem 1rem 0 0; } figcaption { color: var(--soft); max-width: 26rem; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.axis { stroke: var(--line); } .even { stroke: var(--soft); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--mark); stroke-width: 2; } .dot { fill: var(--mark); } .other { fill: var(--other); }
.wide { overflow-x: auto; }
`);

/** A whole page that needs nothing from anywhere. */
export const page = (title: string, body: Markup): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
