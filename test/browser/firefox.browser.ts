import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { firefox } from '../conformance/adapters/browsers.mjs';
import { startProgram } from '../conformance/run-program.mjs';
import type { OperationName, Outcome } from './programs/operations.js';
import { KINDS } from './support/browser-run.js';
import { startSite } from './support/site.js';
import type { Place } from './support/tab.js';

type Step = readonly [place: Place, operation: OperationName, args: readonly unknown[], expected: unknown];

function startFirefox(address: string): void {
  const profile = mkdtempSync(join(tmpdir(), 'arborist-firefox-'));
  const { command, parameters, env } = firefox.launch(address, profile);
  const program = startProgram(command, parameters, { env });
  onTestFinished(async () => {
    await program.stop();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
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

test.runIf(firefox.requirement.present()).each(KINDS)(
  'Firefox: $title works, has one writer, and is deleted',
  async (kind) => {
    const site = await startSite();
    onTestFinished(() => site.close());
    const steps = stepsFor(kind);
    const script = steps.map(([place, operation, args]) => [place, operation, args]);
    startFirefox(`${site.address}?${new URLSearchParams({ script: JSON.stringify(script) })}`);
    const outcomes = JSON.parse(await site.posted) as Outcome[];
    const found = outcomes.map(({ value, error }, i) => [steps[i]?.[1], error?.code ?? value]);
    expect(found).toEqual(steps.map(([, operation, , expected]) => [operation, expected]));
  },
);
