/**
 * Which scenarios are simulated for docs/wire.md, and how their outcomes are summed up.
 *
 * @module
 */
import { FANOUT, PULL_INTERVAL_MS } from '../../../src/wire/gossip/pace.js';
import { type Outcome, type Scenario, simulate } from './simulation.js';

/** An experiment with its outcome. */
export interface Result {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
}

const CALM = { loss: 0, away: 0 } as const;
const ROUGH = { loss: 0.05, away: 0.2 } as const;
const BASE = { seed: 2026, messages: 10, seconds: 120 } as const;

/** Groups of three sizes, in calm and in rough conditions, and what the fan-out changes. */
const SCENARIOS: readonly Scenario[] = [
  ...[100, 1_000, 10_000].flatMap((peers) =>
    [CALM, ROUGH].map((conditions) => ({ ...BASE, peers, fanout: FANOUT, ...conditions })),
  ),
  ...[0, 1, 2, 4].map((fanout) => ({ ...BASE, peers: 1_000, fanout, ...ROUGH, seconds: fanout === 0 ? 300 : 120 })),
  { ...BASE, peers: 10_000, fanout: 0, ...ROUGH, seconds: 360 },
];

/** Runs all of them. */
export function runExperiments(onResult: (result: Result) => void): Result[] {
  return SCENARIOS.map((scenario) => {
    const result = { scenario, outcome: simulate(scenario) };
    onResult(result);
    return result;
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The time to 99 % of a message in the middle, and of the slowest one, in seconds; null if some did not get there. */
function timesOf({ secondsTo99 }: Outcome): { readonly typical: number; readonly worst: number } | null {
  const times = secondsTo99.flatMap((seconds) => (seconds === null ? [] : [seconds]));
  return times.length < secondsTo99.length ? null : { typical: median(times), worst: Math.max(...times) };
}

const HEADINGS = [
  'Peers',
  'Told',
  'Broken',
  'Away',
  '99 % have it: typical',
  'worst',
  'rounds',
  'B/s pushed',
  'B/s pulled',
  'Requests/s',
  'Offers wanted',
];

function rowOf({ scenario, outcome }: Result): string[] {
  const times = timesOf(outcome);
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  return [
    scenario.peers.toLocaleString('en'),
    String(scenario.fanout),
    percent(scenario.loss),
    percent(scenario.away),
    times === null ? `not within ${scenario.seconds} s` : `${times.typical.toFixed(1)} s`,
    times === null ? '' : `${times.worst.toFixed(1)} s`,
    times === null ? '' : (times.typical / (PULL_INTERVAL_MS / 1_000)).toFixed(1),
    outcome.pushBytes.toFixed(0),
    outcome.pullBytes.toFixed(0),
    outcome.requests.toFixed(2),
    outcome.wantedOffers === 0 ? '' : percent(outcome.wantedOffers),
  ];
}

/** The outcomes as a Markdown table. */
export function tableOf(results: readonly Result[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEADINGS), line(HEADINGS.map(() => '---')), ...results.map((result) => line(rowOf(result)))].join('\n');
}
