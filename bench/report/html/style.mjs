/**
 * The page's style: one column of charts, light or dark as the reader's system says.
 *
 * @module
 */

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f8f6; --card: #ffffff; --text: #1c2420; --muted: #5d6a63; --rule: #dfe4e0;
  --ours: #0b7a55; --ours-soft: #d9efe5; --peer: #64748b; --wins: #b45309;
  --series-1: #2563eb; --series-2: #9333ea; --series-3: #b45309; --series-4: #be185d; --series-5: #64748b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10150f; --card: #181f1a; --text: #e6ece8; --muted: #9aa8a0; --rule: #2b352f;
    --ours: #3ddc9b; --ours-soft: #14382a; --peer: #94a3b8; --wins: #fbbf24;
    --series-1: #60a5fa; --series-2: #c084fc; --series-3: #fbbf24; --series-4: #f472b6; --series-5: #94a3b8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 54rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 3.25rem 0 .75rem; padding-top: .5rem; }
h3 { font-size: 1.02rem; margin: 0 0 .15rem; }
p { margin: .4rem 0; }
.muted, figcaption, .facts { color: var(--muted); }
figcaption { font-size: .88rem; margin-bottom: .6rem; }
figcaption h3 { color: var(--text); }
.facts { font-size: .92rem; margin: 0 0 1.5rem; }
.warning { border-left: 4px solid var(--wins); padding: .3rem .9rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem .5rem; margin: 1.25rem 0 0; padding: 0; }
nav a { display: block; padding: .2rem .7rem; border: 1px solid var(--rule); border-radius: 99px; font-size: .88rem; color: inherit; text-decoration: none; background: var(--card); }
nav a:hover, nav a:focus-visible { border-color: var(--ours); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; margin: 1.75rem 0; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: .75rem; padding: .9rem 1rem; }
.tile strong { display: block; font-size: 1.7rem; line-height: 1.2; color: var(--ours); font-variant-numeric: tabular-nums; }
.tile.peer strong { color: var(--wins); }
.tile span { font-size: .86rem; color: var(--muted); }
figure { margin: 0 0 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .75rem; padding: 1.1rem 1.25rem .9rem; }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; font-size: 13px; font-variant-numeric: tabular-nums; }
svg text { fill: var(--text); }
.axis line { stroke: var(--rule); } .axis text { fill: var(--muted); font-size: 12px; }
.even { stroke: var(--ours); stroke-width: 1.5; stroke-dasharray: 3 3; }
.ours rect { fill: var(--ours); } .ours text { font-weight: 650; }
.peer circle { fill: var(--peer); } .peer .stem { stroke: var(--peer); stroke-width: 1.5; opacity: .45; }
.peer .whisker { stroke: var(--peer); stroke-width: 4; stroke-linecap: round; opacity: .45; }
.peer.peer-wins circle { fill: var(--wins); } .peer.peer-wins .stem, .peer.peer-wins .whisker { stroke: var(--wins); }
.peer.peer-wins .ratio { fill: var(--wins); }
.ratio { font-weight: 650; } text.time { fill: var(--muted); } .ours text.time { fill: var(--text); }
.bar.peer rect { fill: var(--peer); opacity: .55; }
.line path { fill: none; stroke-width: 2; stroke: currentColor; } .line circle { fill: currentColor; }
.line .leader { stroke-width: 1; opacity: .4; } .line text { fill: currentColor; }
.line.ours path { stroke-width: 3; } .line.ours .leader { stroke-width: 1; } .series-0 { color: var(--ours); }
.series-1 { color: var(--series-1); } .series-2 { color: var(--series-2); } .series-3 { color: var(--series-3); }
.series-4 { color: var(--series-4); } .series-5 { color: var(--series-5); }
details { font-size: .88rem; margin-top: .5rem; } summary { cursor: pointer; color: var(--muted); width: max-content; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--rule); font-weight: 400; }
th:first-child, td:first-child { text-align: left; padding-left: 0; } thead th { color: var(--muted); }
.wins td:nth-child(2), .wins th:nth-child(2) { text-align: left; }
:focus-visible { outline: 2px solid var(--ours); outline-offset: 2px; border-radius: 4px; }
@media print { details { display: none; } figure { break-inside: avoid; } }
`;
