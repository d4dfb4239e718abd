/**
 * Bounds of the inversion by division steps, which `assembly/field25519-inverse.ts` states and on which its 64-bit sums rely. They rest on how
 * the numbers are tied together, which ranges of single values cannot show, so they are derived here: the matrix of 30 steps, the
 * numbers between −2p and p, and the sums of their limbs. That the compiled code does what is described is the subject of
 * worst-case-limbs.test.ts.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { FIELD_PRIME } from '../support/limb-patterns.js';
import { SeededRandom } from '../support/seeded-random.js';

const STEPS = 30;
const LIMB = 2n ** 30n;
const MATRIX_BOUND = 2n ** 30n;
const WORD = 2n ** 63n;

interface Steps {
  zeta: number;
  f: bigint;
  g: bigint;
  matrix: { u: bigint; v: bigint; q: bigint; r: bigint };
}

const magnitude = (a: bigint) => (a < 0n ? -a : a);

/** One division step (Bernstein and Yang, §8, in the variant with δ = 1/2 and ζ = −(δ + 1/2)), on whole numbers. */
function step({ zeta, f, g, matrix: { u, v, q, r } }: Steps): Steps {
  const isOdd = (g & 1n) === 1n;
  if (zeta < 0 && isOdd) {
    return { zeta: -zeta - 2, f: g, g: (g - f) >> 1n, matrix: { u: 2n * q, v: 2n * r, q: q - u, r: r - v } };
  }
  const added = isOdd ? { g: g + f, q: q + u, r: r + v } : { g, q, r };
  return { zeta: zeta - 1, f, g: added.g >> 1n, matrix: { u: 2n * u, v: 2n * v, q: added.q, r: added.r } };
}

describe('the inversion by division steps', () => {
  it('has matrices whose rows sum up to at most 2^30: each step at most doubles the larger row', () => {
    // Rows (u, v) and (q, r) of sums at most s become rows of at most 2s: 2·(q, r), 2·(u, v), (q ± u, r ± v).
    let bound = 1n;
    for (let i = 0; i < STEPS; i++) bound *= 2n;
    expect(bound).toBe(MATRIX_BOUND);
    const random = new SeededRandom(30);
    let largest = 0n;
    for (let trial = 0; trial < 3000; trial++) {
      let state: Steps = {
        zeta: random.below(40) - 20,
        f: BigInt(random.uint32()) * 2n + 1n,
        g: BigInt(random.uint32()) * 2n + BigInt(random.below(2)),
        matrix: { u: 1n, v: 0n, q: 0n, r: 1n },
      };
      for (let i = 0; i < STEPS; i++) state = step(state);
      const { u, v, q, r } = state.matrix;
      for (const sum of [magnitude(u) + magnitude(v), magnitude(q) + magnitude(r)]) {
        expect(sum <= MATRIX_BOUND).toBe(true);
        if (sum > largest) largest = sum;
      }
    }
    expect(largest > MATRIX_BOUND / 4n, 'the bound is nearly met').toBe(true);
  });

  it('reaches g = 0 within 600 steps for extreme and random elements', () => {
    const random = new SeededRandom(600);
    const elements = [0n, 1n, 2n, FIELD_PRIME - 1n, FIELD_PRIME - 2n, (FIELD_PRIME + 1n) / 2n, 2n ** 254n];
    for (let i = 0; i < 40; i++) elements.push(BigInt(random.uint32()) ** 8n % FIELD_PRIME);
    for (const g of elements) {
      let state: Steps = { zeta: -1, f: FIELD_PRIME, g, matrix: { u: 1n, v: 0n, q: 0n, r: 1n } };
      for (let i = 0; i < 600; i++) {
        state = step(state);
        expect(magnitude(state.f) <= FIELD_PRIME && magnitude(state.g) <= FIELD_PRIME).toBe(true);
      }
      expect(state.g).toBe(0n);
      expect(magnitude(state.f)).toBe(g === 0n ? FIELD_PRIME : 1n);
    }
  });

  it('keeps d and e between −2p and p, and the multiple of p that is added below 2^30', () => {
    // d' = (u d + v e + p m) / 2^30, where p is first added to each of d, e that is negative, so that both lie in (−p, p), and
    // where m = start − (a number from 0 to 2^30 − 1).
    const sum = MATRIX_BOUND * (FIELD_PRIME - 1n);
    const low = -sum - FIELD_PRIME * (LIMB - 1n);
    expect(low / LIMB > -2n * FIELD_PRIME).toBe(true);
    expect(sum / LIMB < FIELD_PRIME).toBe(true);
  });

  it('adds up to less than 2^63 in every column, signs included', () => {
    // Limbs lie in [0, 2^30), the highest in [−2^16, 2^15]; |u| + |v| ≤ 2^30. Each sum takes in what is carried over.
    const products = MATRIX_BOUND * (LIMB - 1n);
    const start = 2n * MATRIX_BOUND; // (u & sign) + (v & sign), and less
    const multiple = start + LIMB;
    const lowest = products + 19n * multiple;
    let carried = lowest / LIMB + 1n;
    expect(lowest < WORD).toBe(true);
    for (let column = 1; column < 8; column++) {
      const total = products + carried;
      expect(total < WORD).toBe(true);
      carried = total / LIMB + 1n;
    }
    const highest = MATRIX_BOUND * 2n ** 16n + 2n ** 15n * multiple + carried;
    expect(highest < WORD).toBe(true);
  });
});
