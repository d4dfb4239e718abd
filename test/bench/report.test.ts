import { expect, test } from 'vitest';
import { formatBytes, formatRatio, formatTime } from '../../bench/report/format.mjs';
import { growthOf } from '../../bench/report/growth.mjs';
import { renderGrowthChart, spreadLabels } from '../../bench/report/html/growth-chart.mjs';
import { renderPage } from '../../bench/report/html/page.mjs';
import { logScale, logTicks } from '../../bench/report/html/scale.mjs';
import { alignColumns, renderReport } from '../../bench/report/table.mjs';
import { compareWithTargets } from '../../bench/report/targets.mjs';
import { BUSY_WARNING, peerWins, verdictOf } from '../../bench/report/verdict.mjs';
import { caseOf, resultsOf } from './fixtures.js';

test('figures have three digits and the unit that suits them', () => {
  expect([12.345, 46_123, 1_234_567, 2.5e9].map(formatTime)).toEqual(['12.3 ns', '46.1 µs', '1.23 ms', '2.50 s']);
  expect([0.754, 2.13, 45.4].map(formatRatio)).toEqual(['0.75×', '2.1×', '45×']);
  expect([26 * 1024, 512].map(formatBytes)).toEqual(['26.0 KiB', '512 B']);
});

test('a peer wins only when the middle half of the rounds says so', () => {
  expect(verdictOf({ median: 0.9, low: 0.8, high: 0.95 })).toBe('peer');
  expect(verdictOf({ median: 0.9, low: 0.8, high: 1.1 })).toBe('even');
  expect(verdictOf({ median: 2, low: 1.9, high: 2.1 })).toBe('ours');
});

test('the report says plainly where a peer wins', () => {
  const results = resultsOf([caseOf('x25519', { libsodium: 2.1, 'node-crypto:ready': 0.5 })]);
  expect(peerWins(results.cases)).toEqual([{ title: 'x25519', label: 'node-crypto:ready', ratio: 0.5 }]);
  expect(renderReport(results)).toContain('2.1×');
  expect(renderReport(results)).toMatch(/Where a peer wins\n {2}x25519 {2}node-crypto:ready {2}2\.0× as fast/);
});

test('columns line up', () => {
  expect(
    alignColumns([
      ['a', '10'],
      ['bcd', '2'],
    ]),
  ).toBe('  a    10\n  bcd   2');
});

test('the page escapes what it is given and loads nothing', () => {
  const page = renderPage(
    resultsOf([caseOf('<b>case</b>', { libsodium: 2 }), caseOf('job', { libsodium: 3 }, { size: 10 })]),
  );
  expect(page).toContain('a &lt;fast&gt; &amp; &quot;small&quot; one');
  expect(page).toContain('&lt;b&gt;case&lt;/b&gt;');
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/(?:src|href)="(?!#)/);
  expect(page).not.toContain('NaN');
});

test('the sizes of a job come together', () => {
  const [growth] = growthOf([
    caseOf('job-10', { libsodium: 2 }, { title: 'job', size: 10 }),
    caseOf('job-100', { libsodium: 3 }, { title: 'job', size: 100 }),
  ]);
  expect(growth?.sizes).toEqual([10, 100]);
  expect(growth?.contenders.map(({ points }) => points.map((point) => point?.ratio?.median))).toEqual([
    [1, 1],
    [2, 3],
  ]);
});

test('targets are compared with what was measured, and with nothing else', () => {
  const comparisons = compareWithTargets([caseOf('x25519', { libsodium: 1.9 })]);
  expect(comparisons).toMatchObject([{ title: 'x25519', ratio: 1.9, atLeast: 2, holds: false }]);
});

test('every figure says how many rounds it rests on', () => {
  const jobs = [10, 10_000].map((size) =>
    caseOf(`job-${size}`, { libsodium: 2 }, { title: 'job', size, rounds: size === 10 ? 151 : 3 }),
  );
  const results = resultsOf([caseOf('tree', { libsodium: 2 }, { rounds: 7 }), ...jobs]);
  expect(renderReport(results)).toContain('tree, 7 rounds\n');
  expect(renderReport(results)).toMatch(/\n {2}rounds +151 +3\n/);
  const page = renderPage(results);
  expect(page).toContain('<p>7 rounds.</p>');
  expect(page).toContain('<p>Rounds: 151 at 10, 3 at 10,000.</p>');
  expect(page).toContain('<th scope="row">Rounds</th><td>151</td><td>3</td>');
});

test('table and page say what other work took, and warn of it when it was much', () => {
  const cases = [caseOf('x25519', { libsodium: 2 })];
  for (const render of [renderReport, renderPage]) {
    expect(render(resultsOf(cases))).toContain('other work took 0.4% of the time, where it took most');
    expect(render(resultsOf(cases))).not.toContain(BUSY_WARNING);
    expect(render(resultsOf(cases, { lostShare: 0.12 }))).toContain(BUSY_WARNING);
    expect(render(resultsOf(cases, { lostShare: null }))).not.toContain(BUSY_WARNING);
  }
});

test('work whose size is not counted in items is no mission job, and its chart says what the size is', () => {
  const options = { suite: 'store', suiteTitle: 'Database files', title: 'write', item: 'mutation', sizeUnit: 'MB' };
  const writes = [1, 100].map((size) => caseOf(`write-${size}`, { image: 0.5 }, { ...options, size }));
  const job = caseOf('job-10', { libsodium: 2 }, { title: 'job', item: 'member', size: 10 });
  const sections = renderPage(resultsOf([...writes, job])).split('<section id="');
  expect(sections.find((section) => section.startsWith('store"'))).toContain('<h2>Database files</h2>');
  expect(sections.find((section) => section.startsWith('jobs"'))).not.toContain('write');
  const [growth] = growthOf(writes);
  const chart = growth === undefined ? '' : renderGrowthChart(growth);
  expect(chart).toContain('>MB</text>');
  expect(chart).not.toContain('>mutations</text>');
  expect(renderReport(resultsOf(writes))).toMatch(/per mutation, at +1 MB +100 MB\n/);
  expect(peerWins(writes)[0]?.title).toMatch(/^write, \d+ MB$/);
});

test('logarithmic axes have round marks within their range', () => {
  expect(logTicks(0.4, 12)).toEqual([0.5, 1, 2, 5, 10]);
  expect(logTicks(0.01, 1_000)).toEqual([0.01, 0.1, 1, 10, 100, 1_000]);
  const x = logScale(1, 100, 0, 200);
  expect([1, 10, 100].map(x)).toEqual([0, 100, 200]);
});

test('labels at the ends of lines do not overlap', () => {
  const placed = spreadLabels([50, 52, 51, 270, 275]).sort((a, b) => a - b);
  for (const [index, y] of placed.slice(1).entries()) expect(y - (placed[index] ?? 0)).toBeGreaterThanOrEqual(17);
});
