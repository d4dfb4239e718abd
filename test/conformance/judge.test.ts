/** What the runner makes of reports: a matrix that only passes where every check ran, passed and gave the same bytes. */
import { describe, expect, it } from 'vitest';
import type { ConformanceReport } from '../../src/conformance/index.js';
import { judge } from './judge.mjs';
import { selectAdapters } from './options.mjs';
import { renderPage } from './report/page.mjs';
import { drawMatrix } from './report/text.mjs';
import type { Adapter, RowResult } from './types.js';

const LISTINGS = {
  conformance: [{ name: 'crypto', checks: ['signs', 'verifies'] }],
  refusal: [{ name: 'refusal', checks: ['is refused'] }],
};

const adapter = (id: string, suite: Adapter['suite'] = 'conformance'): Adapter => ({
  id,
  title: id.toUpperCase(),
  suite,
  runtime: { name: 'Node.js', version: '20.' },
  needs: [],
  run: () => Promise.reject(new Error('not here')),
});

type Checks = ConformanceReport['areas'][number]['checks'];
const passing = (name: string, digest = 'd'): Checks[number] => ({ name, ok: true, ms: 1, digest });

const ran = (id: string, checks: Checks, runtime = { name: 'Node.js', version: '20.19.0' }): RowResult => ({
  adapter: adapter(id),
  state: 'ran',
  ms: 1,
  report: { runtime, areas: [{ name: 'crypto', checks, digest: 'area' }] },
});

const ALL = [passing('signs'), passing('verifies')];

/** The problems of the last row. */
function problemsOf(...results: RowResult[]) {
  const { rows, passed } = judge(results, LISTINGS, []);
  const problems = rows.at(-1)?.problems ?? [];
  expect(passed).toBe(problems.length === 0);
  return problems;
}

describe('The conformance runner', () => {
  it('passes runtimes that report every check with the same digests', () => {
    const { rows, areas, passed } = judge([ran('a', ALL), ran('b', ALL)], LISTINGS, ['a']);
    expect(passed).toBe(true);
    expect(areas).toEqual(['crypto']);
    expect(rows.map(({ cells }) => cells)).toEqual(
      Array.from({ length: 2 }, () => [{ area: 'crypto', passed: 2, total: 2, digest: 'area' }]),
    );
  });

  it.each<[string, Checks, string]>([
    [
      'failed',
      [passing('signs'), { name: 'verifies', ok: false, error: 'wrong', ms: 1, digest: '' }],
      'crypto: verifies: wrong',
    ],
    ['did not run', [passing('signs')], 'crypto: verifies: did not run'],
    ['gave other bytes', [passing('signs', 'e'), passing('verifies')], 'crypto: signs: other bytes than in FIRST'],
    ['is not in the suite', [...ALL, passing('more')], 'crypto: more: reported, but not in the suite'],
  ])('fails a runtime where a check %s', (_, checks, problem) => {
    expect(problemsOf(ran('first', ALL), ran('second', checks))).toEqual([problem]);
  });

  it('fails a row that ran somewhere else than it says', () => {
    expect(problemsOf(ran('a', ALL, { name: 'Bun', version: '1.4.5' }))).toEqual([
      'ran in Bun 1.4.5 instead of Node.js 20.',
    ]);
    expect(problemsOf(ran('a', ALL, { name: 'Node.js', version: '22.1.0' }))).toHaveLength(1);
  });

  it('counts every check of a runtime that did not report as failed', () => {
    const broken: RowResult = { adapter: adapter('a'), state: 'broken', error: 'no report within 90 s', ms: 1 };
    expect(problemsOf(broken)).toEqual(['no report within 90 s']);
    expect(judge([broken], LISTINGS, []).rows[0]?.cells).toEqual([{ area: 'crypto', passed: 0, total: 2, digest: '' }]);
  });

  it('passes over a missing runtime unless it is required, and tells how to install it', () => {
    const missing: RowResult = { adapter: adapter('a'), state: 'missing', install: ['apt-get install a'] };
    expect(judge([missing, ran('b', ALL)], LISTINGS, [])).toMatchObject({
      passed: true,
      rows: [{ verdict: 'missing' }, {}],
    });
    expect(judge([missing, ran('b', ALL)], LISTINGS, ['a'])).toMatchObject({ passed: false });
    expect(judge([missing], LISTINGS, []).rows[0]?.problems).toEqual(['missing; install it with: apt-get install a']);
  });

  it('does not pass where nothing ran', () => {
    const missing: RowResult = { adapter: adapter('a'), state: 'missing', install: [] };
    for (const results of [[], [missing]]) expect(judge(results, LISTINGS, []).passed).toBe(false);
  });

  it('selects rows by id, by runtime, or all, and names what is no row', () => {
    const adapters = ['node20', 'chromium-page', 'chromium-worker'].map((id) => adapter(id));
    const ids = (...names: string[]) => selectAdapters(names, adapters).map(({ id }) => id);
    expect(ids('chromium')).toEqual(['chromium-page', 'chromium-worker']);
    expect(ids('node20', 'chromium-worker')).toEqual(['node20', 'chromium-worker']);
    expect(ids('all')).toHaveLength(3);
    expect(ids()).toEqual([]);
    expect(() => ids('node')).toThrow('no such runtime: node; there are node20, chromium-page, chromium-worker');
  });

  it('shows counts and problems in the terminal and, escaped, on the page', () => {
    const failed = [passing('signs'), { name: 'verifies', ok: false, error: 'a < b', ms: 1, digest: '' }];
    const verdict = judge([ran('a', ALL), ran('b', failed)], LISTINGS, []);
    const matrix = { package: 'arborist-mesh 1.2.3', date: '2026-01-01', ...verdict };
    const text = drawMatrix(matrix);
    expect(text).toMatch(/✓ +A +20\.19\.0 +0\.0 s +2\/2/);
    expect(text).toMatch(/✗ +B +20\.19\.0 +0\.0 s +1\/2/);
    expect(text).toContain('B\n  crypto: verifies: a < b');
    expect(text).toContain('does not conform: 1 passed, 1 failed, 0 missing');
    const page = renderPage(matrix);
    expect(page).toContain('crypto: verifies: a &#60; b');
    expect(page).not.toMatch(/<(?:script|link|img)|https?:/);
  });
});
