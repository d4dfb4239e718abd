import { expect, test } from 'vitest';
import { parseOptions } from '../../bench/options.mjs';

test('a reference is a full run of everything in node', () => {
  const refusal = '--reference keeps a full run of everything in node';
  for (const more of [['--quick'], ['x25519'], ['--runtime', 'bun'], ['--runtime', 'node24']]) {
    expect(() => parseOptions(['--reference', ...more])).toThrow(refusal);
    expect(parseOptions(more).reference).toBe(false);
  }
  expect(parseOptions(['--reference'])).toMatchObject({ reference: true, effort: 'full', runtime: 'node' });
  expect(parseOptions(['--reference', '--runtime', 'node'])).toMatchObject({ reference: true });
  expect(parseOptions(['--reference', '--from', 'results.json'])).toMatchObject({ from: 'results.json' });
});

test('the timing test refuses what it would ignore', () => {
  expect(() => parseOptions(['--timing-leaks', '--runtime', 'deno'])).toThrow('leave out --runtime');
  expect(() => parseOptions(['--timing-leaks', 'x25519', 'sign'])).toThrow('leave out "x25519 sign"');
  for (const more of [['--check-targets'], ['--reference'], ['--from', 'results.json']]) {
    expect(() => parseOptions(['--timing-leaks', ...more])).toThrow('--timing-leaks measures no speed');
  }
  expect(parseOptions(['--timing-leaks', '--quick'])).toMatchObject({ timingLeaks: true, effort: 'quick' });
});

test('help is given whatever else is asked for', () => {
  expect(parseOptions(['--help', '--quick', '--reference']).help).toBe(true);
});
