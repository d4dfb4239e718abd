import { expect, test } from 'vitest';
import { measureAll } from '../../bench/measure-all.mjs';
import { lostShare, takeReading } from '../../bench/runtimes/disturbance.mjs';
import type { RuntimeAdapter, Suite } from '../../bench/types.js';

/** Counters at the start, on a machine of its own. */
const START = { clockMs: 0, processorMs: 0, queuedMs: 0, machine: undefined };

const linux = (schedstat: string, stat: string) => (file: string) =>
  ({ '/proc/self/schedstat': schedstat, '/proc/stat': stat })[file];

test('the time in the queue for a processor is what other work took, however little of it was used', () => {
  const asleep = { ...START, clockMs: 1_000, processorMs: 300, queuedMs: 20 };
  for (const waits of [false, true]) expect(lostShare(START, asleep, waits)).toBeCloseTo(0.02);
});

test('helper threads do not hide the time in the queue', () => {
  expect(lostShare(START, { ...START, clockMs: 1_000, processorMs: 1_400, queuedMs: 250 }, false)).toBeCloseTo(0.25);
});

test('what the host of a virtual machine takes counts as well', () => {
  const before = { ...START, machine: { stolen: 10, wanted: 100 } };
  const after = { clockMs: 1_000, processorMs: 1_000, queuedMs: 100, machine: { stolen: 30, wanted: 300 } };
  expect(lostShare(before, after, false)).toBeCloseTo(1 - 0.9 * 0.9);
});

test('without a count of the queue the unused time tells, but not of work that waits for others', () => {
  const before = { ...START, queuedMs: undefined };
  const idle = { ...before, clockMs: 1_000, processorMs: 600 };
  expect(lostShare(before, idle, false)).toBeCloseTo(0.3);
  expect(lostShare(before, idle, true)).toBeUndefined();
  expect(lostShare(before, { ...before, clockMs: 1_000, processorMs: 950 }, false)).toBe(0);
});

test('the counters are found in the files of Linux', () => {
  // The columns: user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice.
  const stat = 'cpu  100 10 20 9000 500 1 2 7 50 5\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 5\n';
  const reading = takeReading(linux('900000000 25000000 42\n', stat));
  expect(reading).toMatchObject({ queuedMs: 25, machine: { stolen: 7, wanted: 140 } });
});

test('a kernel that counts nothing, and another system, give no counters', () => {
  expect(takeReading(linux('0 0 0\n', 'intr 5\n'))).toMatchObject({ queuedMs: undefined, machine: undefined });
  expect(takeReading(linux('900 25 42\n', 'cpu  1 2 3 4\n')).machine).toBeUndefined();
  expect(takeReading(() => undefined)).toMatchObject({ queuedMs: undefined, machine: undefined });
});

test('a run is as disturbed as its most disturbed suite, and says nothing if no suite does', async () => {
  const suites = ['calm', 'disturbed', 'silent'].map((id): Suite => ({ id, title: id, cases: () => [] }));
  const lost = new Map([
    ['calm', 0.01],
    ['disturbed', 0.2],
  ]);
  const runtime: RuntimeAdapter = {
    name: 'node',
    prepare: async () => {},
    run: async ({ suite }, onEvent) => {
      const share = lost.get(suite);
      onEvent({ type: 'done', ...(share === undefined ? {} : { lostShare: share }) });
    },
  };
  const measured = (chosen: Suite[]) => measureAll(runtime, { suites: chosen, probes: [] }, 'quick');
  expect((await measured(suites)).lostShare).toBe(0.2);
  expect((await measured(suites.slice(2))).lostShare).toBeNull();
});
