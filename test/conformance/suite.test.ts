/** The suite itself, in the runtime of the tests: what it checks holds here, and what goes wrong is reported. */
import { describe, expect, it } from 'vitest';
import type { Area } from '../../src/conformance/area.js';
import { PRIMITIVES } from '../../src/conformance/areas/primitives.js';
import { STORY } from '../../src/conformance/areas/story.js';
import { listChecks, runConformance } from '../../src/conformance/index.js';
import { runAreas } from '../../src/conformance/run.js';

const area = (...checks: Area['checks']): Area => ({ name: 'sample', checks });

describe('The conformance suite', () => {
  /** A run takes seconds: one serves two tests. */
  const seen: string[] = [];
  const run = runConformance({ onProgress: (area, { name }) => seen.push(`${area}: ${name}`) });

  it('passes here, with every check listed reported once, and told of as it went', async () => {
    const { runtime, areas } = await run;
    const failures = areas.flatMap(({ checks }) => checks.filter(({ ok }) => !ok));
    expect(failures).toEqual([]);
    expect(runtime).toEqual({ name: 'Node.js', version: process.versions.node });
    expect(areas.map(({ name, checks }) => ({ name, checks: checks.map((check) => check.name) }))).toEqual(
      listChecks(),
    );
    expect(seen).toEqual(listChecks().flatMap(({ name, checks }) => checks.map((check) => `${name}: ${check}`)));
  });

  it('has a digest for each area, which does not change from run to run', async () => {
    const { areas } = await run;
    for (const { digest } of areas) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const again = await runAreas([PRIMITIVES, STORY], {});
    for (const { name, digest } of again) expect(areas.find((area) => area.name === name)?.digest).toBe(digest);
  });

  it('names each check once within its area, and each area once', () => {
    const listed = listChecks();
    expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
    for (const { checks } of listed) expect(new Set(checks).size).toBe(checks.length);
  });

  it('reports a check that throws, with what caused it, and goes on', async () => {
    const [report] = await runAreas(
      [
        area(
          {
            name: 'throws',
            run: () => {
              throw new Error('outer', { cause: new Error('inner') });
            },
          },
          { name: 'rejects', run: () => Promise.reject(new Error('later')) },
          { name: 'holds', run: () => {} },
        ),
      ],
      {},
    );
    expect(report?.checks.map(({ ok, error }) => ({ ok, error }))).toEqual([
      { ok: false, error: 'Error: outer\ncaused by Error: inner' },
      { ok: false, error: 'Error: later' },
      { ok: true, error: undefined },
    ]);
  });

  it('changes the digest of an area with every record: its label, its value and its check', async () => {
    const digest = async (check: string, label: string, value: string) =>
      (await runAreas([area({ name: check, run: ({ record }) => record(label, value) })], {}))[0]?.digest;
    const digests = await Promise.all([
      digest('check', 'label', 'value'),
      digest('check', 'label', 'valu'),
      digest('check', 'labe', 'value'),
      digest('chec', 'label', 'value'),
    ]);
    expect(new Set(digests).size).toBe(4);
  });
});
