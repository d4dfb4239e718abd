import { describe, expect, test } from 'vitest';
import { compareSeniority, outranks } from '../../src/mesh/rank.js';

const member = (sinceEpoch: number, first: number, role: 'admin' | 'member' = 'admin') => ({
  mid: new Uint8Array(32).fill(first, 0, 1),
  role,
  sinceEpoch,
});

describe('Rank', () => {
  test('is the epoch of the event that made the admin, then its id', () => {
    const inOrder = [member(0, 9), member(1, 2), member(1, 3), member(2, 0)];
    expect([...inOrder].reverse().sort(compareSeniority)).toEqual(inOrder);
    expect(compareSeniority(member(3, 1), member(3, 1))).toBe(0);
  });

  test('is strict: of two admins exactly one outranks the other, and none itself', () => {
    const admins = [member(0, 9), member(1, 2), member(1, 3), member(2, 0)];
    for (const a of admins) {
      for (const b of admins) expect(Number(outranks(a, b)) + Number(outranks(b, a))).toBe(a === b ? 0 : 1);
    }
  });

  test('of plain members is last, and they outrank nobody', () => {
    const [old, young] = [member(1, 1, 'member'), member(5, 1, 'member')];
    expect(outranks(member(9, 9), old)).toBe(true);
    for (const other of [old, young, member(9, 9)]) expect(outranks(old, other)).toBe(false);
  });
});
