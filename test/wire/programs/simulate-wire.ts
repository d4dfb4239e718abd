/**
 * Simulates gossip in groups of up to ten thousand peers, and writes what came of it into docs/wire.md and its picture:
 * `npm run simulate`. The same seed gives the same outcome; it takes some minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { coverageChart } from '../simulation/coverage-chart.js';
import { type Result, runExperiments, tableOf } from '../simulation/experiments.js';

const DOCUMENT = 'docs/wire.md';
const BEGIN = '<!-- simulation: begin, written by npm run simulate -->';
const END = '<!-- simulation: end -->';

const isShown = ({ scenario: { peers, fanout, loss } }: Result) =>
  loss > 0 && (fanout === 8 || (peers === 1_000 && fanout !== 1));

const results = runExperiments(({ scenario, outcome }) => {
  console.log(JSON.stringify({ ...scenario, secondsTo99: outcome.secondsTo99 }));
});
console.log(tableOf(results));
writeFileSync('docs/images/wire-coverage.svg', coverageChart(results.filter(isShown)));
const text = readFileSync(DOCUMENT, 'utf8');
const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (start < 0 || end < start) throw new Error(`${DOCUMENT} has no place for the simulation`);
writeFileSync(DOCUMENT, `${text.slice(0, start + BEGIN.length)}\n${tableOf(results)}\n${text.slice(end)}`);
