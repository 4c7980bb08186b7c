/** The style of every page: light or dark by the reader's preference, responsive down to phones. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #556273; --line: #dde3ea; --paper: #fff; --tile: #f4f7fa; --mark: #1664c0; --other: #a04e00;
  --good: #1a7340; --good-tile: #e5f4ea; --bad: #b3261e; --bad-tile: #fceeed; --calm: #5a4fb8; --shade: rgb(20 30 45 / .16); }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #a3b0be; --line: #33404f; --paper: #141a22; --tile: #1c2530; --mark: #6ab0ff; --other: #ffb066;
  --good: #6fd598; --good-tile: #16301f; --bad: #ff9d94; --bad-tile: #3a1d1b; --calm: #b3a9ff; --shade: rgb(0 0 0 / .6); } }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; overflow-wrap: break-word; }
@media (max-width: 30rem) { body { padding: 1.25rem 1rem 3rem; } }
header { max-width: 46rem; } .over { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: .25rem 0 .75rem; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; scroll-margin-top: 1rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { max-width: 46rem; } p.lead { color: var(--soft); font-size: 1.05rem; } .soft-text { color: var(--soft); }
a { color: var(--mark); } :focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; border-radius: 2px; }
p.remark { border-left: 4px solid var(--other); background: var(--tile); padding: .6rem .9rem; font-weight: 600; }
p.remark.bad { border-color: var(--bad); background: var(--bad-tile); }
ul.tiles { list-style: none; margin: 1.75rem 0 0; padding: 0; display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(min(10rem, 100%), 1fr)); }
ul.tiles li { background: var(--tile); border-radius: .6rem; padding: .9rem 1rem; color: var(--soft); line-height: 1.35; }
ul.tiles b { display: block; font-size: 1.7rem; line-height: 1.3; color: var(--ink); font-variant-numeric: tabular-nums; }
@media (max-width: 30rem) { ul.tiles { grid-template-columns: 1fr 1fr; } ul.tiles b { font-size: 1.4rem; } }
.wide { overflow-x: auto; background: linear-gradient(to right, var(--paper) 30%, transparent) left / 2.5rem 100% no-repeat local, linear-gradient(to left, var(--paper) 30%, transparent) right / 2.5rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / .8rem 100% no-repeat scroll, linear-gradient(to left, var(--shade), transparent) right / .8rem 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem; } caption span { display: block; position: sticky; left: 0; max-width: min(46rem, calc(100vw - 2.5rem)); }
th, td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
thead th { color: var(--soft); font-size: .875rem; vertical-align: bottom; }
th:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; min-width: 9rem; } td { white-space: nowrap; } td:last-child, th:last-child { padding-right: 0; }
.sentences :is(th, td) { text-align: left; white-space: normal; } .sentences td { min-width: 7rem; overflow-wrap: anywhere; }
.bar { display: inline-flex; align-items: center; justify-content: flex-end; gap: .5rem; white-space: nowrap; }
.bar svg { width: 4.5rem; height: .5rem; background: var(--line); border-radius: .25rem; }
.bar rect { fill: var(--mark); } .bar.other rect { fill: var(--other); }
div.figures { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
figure { margin: 1.25rem 0 0; max-width: 28rem; } figure.broad { max-width: 46rem; } @media (max-width: 36rem) { figure.broad > svg text { font-size: 19px; } } figure > svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); margin-top: .35rem; }
details { margin-top: .5rem; } summary { color: var(--mark); cursor: pointer; width: fit-content; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; } svg text.name, svg text.title { fill: var(--ink); }
.axis { stroke: var(--line); } .even { stroke: var(--soft); stroke-dasharray: 4 4; } .leader { stroke: var(--soft); stroke-width: .75; }
.curve { fill: none; stroke: var(--mark); stroke-width: 2; } .band { stroke: var(--mark); stroke-opacity: .5; stroke-width: 1.5; }
.dot { fill: var(--mark); fill-opacity: .8; } .other { fill: var(--other); } .soft { fill: var(--soft); }
svg.lanes { display: block; width: 100%; overflow: visible; margin-top: .75rem; } svg.lanes .lane { stroke: var(--line); } svg.lanes .label { fill: var(--ink); font-weight: 600; }
svg.lanes .now { stroke: var(--mark); stroke-width: 1.5; }
.f-spared { fill: var(--good); } .f-late { fill: var(--bad); } .f-paged { fill: var(--mark); } .f-unneeded { fill: var(--other); } .f-control { fill: var(--calm); } .f-other, .f-open { fill: var(--soft); }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .75rem 0 0; padding: 0; color: var(--soft); font-size: .9rem; } ul.legend svg { vertical-align: -.15rem; }
ol.events { list-style: none; padding: 0; margin: 1rem 0 0; } ol.events li { display: grid; grid-template-columns: 3.6rem minmax(0, 1fr); gap: 0 .75rem; padding: .45rem 0; border-bottom: 1px solid var(--line); }
ol.events time { color: var(--soft); font-variant-numeric: tabular-nums; } ol.events .what { overflow-wrap: anywhere; } ol.days li { grid-template-columns: 9.5rem minmax(0, 1fr); }
@media (max-width: 30rem) { ol.days li { grid-template-columns: minmax(0, 1fr); } }
.badge { display: inline-block; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; line-height: 1.5rem; border: 1px solid currentcolor; white-space: nowrap; color: var(--soft); }
.badge.spared { color: var(--good); } .badge.late { color: var(--bad); font-weight: 600; } .badge.paged { color: var(--mark); } .badge.unneeded { color: var(--other); } .badge.control { color: var(--calm); }
ul.held { list-style: none; padding: 0; margin: 1rem 0 0; display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
ul.held li { background: var(--good-tile); border-radius: .6rem; padding: .9rem 1rem; overflow-wrap: anywhere; } ul.held b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; color: var(--good); }
ul.plain { padding-left: 1.2rem; } ul.plain li { margin: .3rem 0; overflow-wrap: anywhere; }
form.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1.25rem 0 0; color: var(--soft); font-size: .95rem; }
form.controls label { display: grid; gap: .15rem; } form.controls :is(input, select, button) { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: .35rem; padding: .3rem .5rem; min-height: 2.25rem; max-width: 100%; }
form.controls button { background: var(--tile); cursor: pointer; } form.controls a { padding: .35rem 0; }
ol.ladder { padding-left: 1.2rem; } ol.ladder li { margin: .4rem 0; overflow-wrap: anywhere; } code { font-size: .92em; overflow-wrap: anywhere; background: var(--tile); padding: .05rem .3rem; border-radius: .25rem; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
@media (max-width: 36rem) {
  table.sentences :is(tbody, tr, th, td) { display: block; min-width: 0; } table.sentences { display: block; }
  table.sentences thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.sentences caption { display: block; } table.sentences tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } table.sentences :is(th, td) { border: 0; padding: .1rem 0; }
  table.sentences tbody th { font-weight: 600; } table.sentences td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print { body { padding: 0; } h2 { break-after: avoid; } figure, tr, li { break-inside: avoid; } form.controls { display: none; } }
`;
