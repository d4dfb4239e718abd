import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { firefox } from '../conformance/adapters/browsers.mjs';
import { startProgram } from '../conformance/run-program.mjs';
import type { OperationName, Outcome } from './programs/operations.js';
import { KINDS } from './support/browser-run.js';
import { startSite } from './support/site.js';
import type { Place } from './support/tab.js';

type Step = readonly [place: Place, operation: OperationName, args: readonly unknown[], expected: unknown];

/** Has a Firefox of its own do all steps, one after the other, and gives what became of each. */
async function performInFirefox(steps: readonly Step[]): Promise<Outcome[]> {
  const site = await startSite();
  const profile = mkdtempSync(join(tmpdir(), 'arborist-firefox-'));
  const script = JSON.stringify(steps.map(([place, operation, args]) => [place, operation, args]));
  const { command, parameters, env } = firefox.launch(`${site.address}?${new URLSearchParams({ script })}`, profile);
  const program = startProgram(command, parameters, { env });
  try {
    return JSON.parse(await site.posted) as Outcome[];
  } finally {
    await program.stop();
    site.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** What each kind of database does, step by step; what is expected of a step that must fail is its error's code. */
function stepsFor({ place, option }: (typeof KINDS)[number]): Step[] {
  const options = { [option]: `orchard ${place} ${option}` };
  const other = place === 'page' ? 'worker' : 'page';
  const refusedElsewhere = option === 'opfs' ? 'storage-unavailable' : 'database-locked';
  return [
    [place, 'open', ['db', options], undefined],
    [place, 'fill', ['db', 1], undefined],
    [place, 'durable', ['db'], undefined],
    [other, 'open', ['reader', { ...options, readonly: true }], undefined],
    [other, 'numbers', ['reader'], [1]],
    [other, 'open', ['db', options], refusedElsewhere],
    [place, 'open', ['second', options], 'database-locked'],
    [place, 'fill', ['db', 2], undefined],
    [place, 'close', ['db'], undefined],
    [place, 'open', ['db', options], undefined],
    [place, 'numbers', ['db'], [2]],
    [place, 'found', ['db'], undefined],
    [place, 'close', ['db'], undefined],
    [place, 'open', ['db', options], undefined],
    [place, 'verify', ['db'], { ok: true, events: 3, messages: 1 }],
    [place, 'closeOnly', ['db'], undefined],
    [place, 'remove', [options], true],
    [place, 'open', ['gone', { ...options, readonly: true }], 'no-such-file'],
  ];
}

describe.runIf(firefox.requirement.present())('Firefox', () => {
  const stepsOf = new Map(KINDS.map((kind) => [kind, stepsFor(kind)]));
  const outcomesOf = new Map<(typeof KINDS)[number], Outcome[]>();

  beforeAll(async () => {
    const outcomes = await performInFirefox([...stepsOf.values()].flat());
    for (const [kind, steps] of stepsOf) outcomesOf.set(kind, outcomes.splice(0, steps.length));
  }, 180_000);

  test.each(KINDS)('$title works, has one writer, and is deleted', (kind) => {
    const steps = stepsOf.get(kind) ?? [];
    const found = outcomesOf.get(kind)?.map(({ value, error }, i) => [steps[i]?.[1], error?.code ?? value]);
    expect(found).toEqual(steps.map(([, operation, , expected]) => [operation, expected]));
  });
});
