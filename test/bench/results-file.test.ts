import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readResults, requireWholeRun } from '../../bench/report/results-file.mjs';
import { renderReport } from '../../bench/report/table.mjs';
import type { Results, Suite } from '../../bench/types.js';
import { caseOf, resultsOf, steady } from './fixtures.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'arborist-results-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const SUITES = ['x25519', 'documents'].map((id): Suite => ({ id, title: id, cases: () => [] }));
const PROBES = {
  startUp: [{ id: 'a', label: 'a', importMs: steady(1), firstCallMs: steady(1), totalMs: steady(2) }],
  sizes: [{ id: 'a', label: 'a', minifiedBytes: 1, gzipBytes: 1 }],
  memory: [{ id: 'a', label: 'a', residentBytes: steady(1), heapBytes: steady(1) }],
};
const CASES = SUITES.map(({ id }) => caseOf(id, { libsodium: 2 }, { suite: id }));
const WHOLE = resultsOf(CASES, { effort: 'full', ...PROBES });

test('the committed reference can be read', () => {
  const reference = readResults(new URL('../../bench/results/reference.json', import.meta.url));
  expect(reference.lostShare === null || reference.lostShare >= 0).toBe(true);
  expect(renderReport(reference)).toContain('x25519');
});

test('of a results file that tells the use of the processor alone, it is not known what other work took', () => {
  const { lostShare: _, ...older } = resultsOf(CASES);
  const file = join(FOLDER, 'older.json');
  writeFileSync(file, JSON.stringify({ ...older, processorShare: 0.55 }));
  const results = readResults(file);
  expect(results.lostShare).toBeNull();
  expect(renderReport(results)).not.toContain('The machine was busy');
});

test('a reference is made of a full run of everything in Node, and of nothing less', () => {
  const amiss: [Partial<Results>, string][] = [
    [{ effort: 'quick' }, 'they are of a quick run'],
    [{ runtime: { name: 'Bun', version: '1' } }, 'they are of Bun'],
    [{ cases: CASES.slice(0, 1) }, '"documents" was not measured'],
    [{ startUp: [] }, 'start-up, size or memory were not measured'],
    [{ sizes: [] }, 'start-up, size or memory were not measured'],
    [{ memory: [] }, 'start-up, size or memory were not measured'],
  ];
  expect(() => requireWholeRun(WHOLE, SUITES)).not.toThrow();
  for (const [change, reason] of amiss) expect(() => requireWholeRun({ ...WHOLE, ...change }, SUITES)).toThrow(reason);
});
