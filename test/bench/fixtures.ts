/** Made-up results for the tests of the reports. */
import type { CaseResult, Results, Spread } from '../../bench/types.js';

/** Rounds that all agree. */
export const steady = (value: number): Spread => ({ median: value, low: value, high: value });

/** A case in which arborist-mesh takes 100 ns and each peer the given ratio of that, or spread of ratios. */
export function caseOf(
  id: string,
  ratios: Record<string, number | Spread>,
  { rounds = 151, ...more }: Partial<CaseResult> & { rounds?: number } = {},
): CaseResult {
  const contenders = Object.entries({ arborist: 1, ...ratios }).map(([contender, ratio]) => {
    const spread = typeof ratio === 'number' ? steady(ratio) : ratio;
    return {
      id: contender,
      label: contender === 'arborist' ? 'arborist-mesh' : contender,
      status: 'measured',
      time: steady(100 * spread.median),
      ratio: spread,
      rounds: Array.from({ length: rounds }, () => 100 * spread.median),
    } as const;
  });
  return { suite: 'suite', suiteTitle: 'Suite', id, title: id, item: 'call', contenders, ...more };
}

/** A quick run on a quiet machine. */
export function resultsOf(cases: CaseResult[], more: Partial<Results> = {}): Results {
  return {
    format: 1,
    date: '2026-01-02T03:04:05.000Z',
    effort: 'quick',
    machine: { processor: 'a <fast> & "small" one', cores: 2, memoryBytes: 2 ** 30, system: 'Linux' },
    runtime: { name: 'Node', version: '20.0.0' },
    lostShare: 0.004,
    versions: {},
    missing: [{ peer: 'absent', reason: '<script>alert(1)</script>' }],
    cases,
    startUp: [],
    sizes: [],
    memory: [],
    ...more,
  };
}
