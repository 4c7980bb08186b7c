import { html, Markup } from "./html.ts";

const style = new Markup(`
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6b7c; --line: #dde3ea; --paper: #fff; --tile: #f4f7fa; --mark: #1664c0; --other: #b35c00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5; --line: #33404f; --paper: #141a22; --tile: #1c2530; --mark: #6ab0ff; --other: #ffb066; } }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
header { max-width: 46rem; } .over { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: .25rem 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; }
p { max-width: 46rem; } p.lead { color: var(--soft); font-size: 1.05rem; }
p.remark { border-left: 4px solid var(--other); background: var(--tile); padding: .6rem .9rem; font-weight: 600; }
ul.tiles { list-style: none; margin: 1.75rem 0 0; padding: 0; display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
ul.tiles li { background: var(--tile); border-radius: .6rem; padding: .9rem 1rem; color: var(--soft); line-height: 1.35; }
ul.tiles b { display: block; font-size: 1.7rem; line-height: 1.3; color: var(--ink); font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
thead th { color: var(--soft); font-size: .875rem; vertical-align: bottom; }
th:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; min-width: 9rem; } td { white-space: nowrap; } .sentences :is(th, td) { text-align: left; white-space: normal; } td:last-child, th:last-child { padding-right: 0; }
.bar { display: inline-flex; align-items: center; justify-content: flex-end; gap: .5rem; white-space: nowrap; }
.bar svg { width: 4.5rem; height: .5rem; background: var(--line); border-radius: .25rem; transform: scaleX(-1); }
.bar rect { fill: var(--mark); } .bar.other rect { fill: var(--other); }
div.figures { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
figure { margin: 1.25rem 0 0; max-width: 28rem; } figure > svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); margin-top: .35rem; }
details { margin-top: .5rem; } summary { color: var(--mark); cursor: pointer; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; } svg text.name, svg text.title { fill: var(--ink); }
.axis { stroke: var(--line); } .even { stroke: var(--soft); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--mark); stroke-width: 2; }
.dot { fill: var(--mark); fill-opacity: .8; } .other { fill: var(--other); } .soft { fill: var(--soft); }
@media print { body { padding: 0; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } }
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
