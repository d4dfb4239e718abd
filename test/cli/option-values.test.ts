/** How the command line reads the values of options. */
import { describe, expect, it } from 'vitest';
import { parseCount, parseDuration, parseEpoch, parseEventIds } from '../../src/cli/option-values.js';
import { base64urlEncode } from '../../src/codec/base64url.js';

describe('durations', () => {
  it('are a number and a unit', () => {
    expect(['90s', '30m', '12h', '7d', '2w'].map(parseDuration)).toEqual([90, 1_800, 43_200, 604_800, 1_209_600]);
  });

  it.each(['', '7', 'd', '0d', '-1d', '1.5h', '7 d', '7D', '7d ', '9999999999s', '１d'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow('Expected a duration');
  });
});

describe('epochs', () => {
  it('are whole numbers from 0 on', () => {
    expect(['0', '007', '123'].map(parseEpoch)).toEqual([0, 7, 123]);
  });

  it.each(['', '-1', '1.5', '1e3', '0x1', ' 1', '9999999999999999'])('%j is none', (text) => {
    expect(() => parseEpoch(text)).toThrow('Expected the number of an epoch');
  });
});

describe('counts', () => {
  it('are whole numbers from 0 on', () => {
    expect(['0', '10000'].map(parseCount)).toEqual([0, 10_000]);
  });

  it.each(['', '-1', '1.5', 'all', '9999999999999999'])('%j is none', (text) => {
    expect(() => parseCount(text)).toThrow('Expected a whole number');
  });
});

describe('event ids', () => {
  it('add up', () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(0xff)];
    expect(parseEventIds(base64urlEncode(b), parseEventIds(base64urlEncode(a)))).toEqual([a, b]);
  });

  it.each(['', 'abc', 'A'.repeat(42), `${'A'.repeat(42)}B`, '!'.repeat(43)])('%j is none', (text) => {
    expect(() => parseEventIds(text)).toThrow('Expected a whole id');
  });
});
