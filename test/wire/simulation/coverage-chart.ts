/**
 * A picture of how a message spreads: which part of the peers has it, second by second. SVG without scripts, light or dark as
 * the reader's system is.
 *
 * @module
 */
import type { Result } from './experiments.js';

const WIDTH = 720;
const HEIGHT = 330;
const PLOT = { left: 50, top: 20, right: 690, bottom: 250 } as const;
/** Seconds along the axis. */
const SECONDS = 60;
const COLOURS = ['#0b6e4f', '#c2571a', '#2f5fb3', '#8a3ffc', '#b3261e', '#5b6770'] as const;

const STYLE = `
    .ink { fill: #24292f } .line { stroke: #d0d7de } .axis { stroke: #57606a } .back { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      .ink { fill: #e6edf3 } .line { stroke: #30363d } .axis { stroke: #8b949e } .back { fill: #0d1117 }
    }
    text { font: 12px system-ui, sans-serif } polyline { fill: none; stroke-width: 2 }`;

const x = (second: number) => PLOT.left + ((PLOT.right - PLOT.left) * second) / SECONDS;
const y = (part: number) => PLOT.bottom - (PLOT.bottom - PLOT.top) * part;

function grid(): string[] {
  const rows = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    `<line class="line" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(part)}" y2="${y(part)}"/>`,
    `<text class="ink" x="${PLOT.left - 8}" y="${y(part) + 4}" text-anchor="end">${part * 100} %</text>`,
  ]);
  const columns = [0, 10, 20, 30, 40, 50, 60].map(
    (second) => `<text class="ink" x="${x(second)}" y="${PLOT.bottom + 18}" text-anchor="middle">${second} s</text>`,
  );
  return [...rows, ...columns];
}

function labelOf({ scenario: { peers, fanout, loss } }: Result): string {
  const told = fanout === 0 ? 'synchronizing alone' : `told to ${fanout}`;
  return `${peers.toLocaleString('en')} peers, ${told}, ${loss === 0 ? 'calm' : 'rough'}`;
}

function curve({ outcome }: Result, colour: string, i: number): string {
  const points = outcome.coverage
    .slice(0, SECONDS + 1)
    .map((part, second) => `${x(second).toFixed(1)},${y(part).toFixed(1)}`);
  return `<polyline stroke="${colour}" stroke-dasharray="${i > 2 ? '5 3' : 'none'}" points="${points.join(' ')}"/>`;
}

function legend(result: Result, colour: string, i: number): string {
  const [left, top] = [PLOT.left + (i % 2) * 330, PLOT.bottom + 42 + Math.floor(i / 2) * 18];
  return `<rect x="${left}" y="${top - 9}" width="14" height="4" fill="${colour}"/><text class="ink" x="${left + 22}" y="${top}">${labelOf(result)}</text>`;
}

/** The picture of some results, at most six. */
export function coverageChart(results: readonly Result[]): string {
  const shown = results.slice(0, COLOURS.length);
  const colourOf = (i: number) => COLOURS[i] ?? COLOURS[0];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Which part of the peers has a message, second by second">`,
    `  <style>${STYLE}\n  </style>`,
    `  <rect class="back" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...grid().map((line) => `  ${line}`),
    ...shown.map((result, i) => `  ${curve(result, colourOf(i), i)}`),
    `  <line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>`,
    ...shown.map((result, i) => `  ${legend(result, colourOf(i), i)}`),
    '</svg>',
    '',
  ].join('\n');
}
