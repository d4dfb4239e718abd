/**
 * One verdict everywhere: `verify` (also with a key it has met before) and `verifyBatch` against signatures crafted so that the verdict is
 * known by construction, and against the rule in plain integers. With `--mode long` there are eight times as many, and the slow
 * reference judges every one.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { isRosterKey } from '../../src/crypto/ed25519.js';
import { type SignedMessage, verify, verifyBatch } from '../../src/crypto/index.js';
import {
  add,
  BASE_POINT,
  encodePoint,
  GROUP_ORDER,
  multiply,
  NEUTRAL,
  samePoint,
  TORSION_POINTS,
} from '../support/edwards-reference.js';
import { toHex } from '../support/hex.js';
import { EXTREME_BYTES } from '../support/limb-patterns.js';
import { integerFromBytes, integerToBytes } from '../support/little-endian.js';
import { SeededRandom } from '../support/seeded-random.js';
import { type VerificationCase, VerificationCases } from '../support/verification-cases.js';
import { referenceRosterKey, referenceVerdict } from '../support/verification-reference.js';

const FAMILIES = 12;
const IS_LONG = process.env.MODE === 'long';
const ROUNDS = Math.ceil((IS_LONG ? 102_000 : 12_000) / FAMILIES);
/** Every n-th case goes to the slow reference; the step has no factor in common with the number of families. */
const REFERENCE_STEP = IS_LONG ? 1 : 37;

function craftedCases(): VerificationCase[] {
  const generator = new VerificationCases(new SeededRandom(25519));
  return Array.from({ length: ROUNDS }, () => generator.round()).flat();
}

function explain(item: VerificationCase): string {
  return `${item.family}: A ${toHex(item.publicKey)} signature ${toHex(item.signature)} message ${toHex(item.message)}`;
}

/** The cases whose verdict is not the expected one, described. */
function disagreements(cases: readonly VerificationCase[], verdicts: readonly boolean[]): string[] {
  expect(verdicts).toHaveLength(cases.length);
  return cases.filter((item, i) => verdicts[i] !== item.expected).map(explain);
}

describe('the reference in plain integers', () => {
  it('has a base point of the group order and eight distinct points of small order', () => {
    expect(samePoint(multiply(GROUP_ORDER, BASE_POINT), NEUTRAL)).toBe(true);
    expect(new Set(TORSION_POINTS.map((point) => toHex(encodePoint(point)))).size).toBe(8);
    for (const point of TORSION_POINTS) expect(samePoint(multiply(8n, point), NEUTRAL)).toBe(true);
    expect(toHex(encodePoint(BASE_POINT))).toBe(`58${'66'.repeat(31)}`);
  });
});

describe('the verification rule', { timeout: IS_LONG ? 1_800_000 : 120_000 }, () => {
  const cases = craftedCases();

  it('is put to many crafted inputs, of every family equally many', () => {
    expect(cases.length).toBeGreaterThanOrEqual(IS_LONG ? 102_000 : 12_000);
    expect(new Set(cases.map(({ family }) => family)).size).toBe(FAMILIES);
  });

  it('gives the verdict known by construction, as the plain-integer reference confirms', () => {
    const sample = cases.filter((_, i) => i % REFERENCE_STEP === 0);
    expect(new Set(sample.map(({ family }) => family)).size).toBe(FAMILIES);
    const verdicts = sample.map((item) => referenceVerdict(item.publicKey, item.signature, item.message));
    expect(disagreements(sample, verdicts)).toEqual([]);
  });

  it('is what verify applies to each of them', () => {
    expect(
      disagreements(
        cases,
        cases.map((item) => verify(item.publicKey, item.signature, item.message)),
      ),
    ).toEqual([]);
  });

  it('is what verifyBatch applies to each of them, in batches of every size', () => {
    const sizes = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1023, 1024, 1025];
    const verdicts: boolean[] = [];
    for (let turn = 0; verdicts.length < cases.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      verdicts.push(...verifyBatch(cases.slice(verdicts.length, verdicts.length + size)));
    }
    expect(disagreements(cases, verdicts)).toEqual([]);
  });

  it('is the same for the items of one key in a row, verified one by one and as a batch', () => {
    const byKey = new Map<string, VerificationCase[]>();
    for (const item of cases) byKey.set(toHex(item.publicKey), [...(byKey.get(toHex(item.publicKey)) ?? []), item]);
    const repeated = [...byKey.values()]
      .filter((items) => items.length > 1)
      .flat()
      .slice(0, 5000);
    expect(repeated.length).toBe(5000);
    expect(disagreements(repeated, verifyBatch(repeated))).toEqual([]);
  });

  it('accepts batches without a bad item, and finds the only bad one wherever it stands', () => {
    const good = cases.filter(({ expected }) => expected).slice(0, 300);
    const bad = cases.filter(({ expected }) => !expected);
    for (const size of [1, 2, 3, 4, 8, 9, 63, 64, 65, 128, 300]) {
      const batch = good.slice(0, size);
      expect(verifyBatch(batch)).toEqual(batch.map(() => true));
      for (const position of new Set([0, size >>> 1, size - 1])) {
        const spoiled: SignedMessage[] = batch.with(position, bad[size + position] as VerificationCase);
        expect(verifyBatch(spoiled)).toEqual(batch.map((_, i) => i !== position));
      }
    }
    expect(verifyBatch(bad.slice(0, 500))).toEqual(bad.slice(0, 500).map(() => false));
    expect(verifyBatch([])).toEqual([]);
  });

  it('refuses signatures whose errors cancel in an unweighted sum', () => {
    const honest = cases.filter(({ family }) => family === 'prime-order A and R').slice(0, 64);
    const shifted = (item: VerificationCase, delta: bigint) => {
      const S = (integerFromBytes(item.signature.subarray(32)) + delta + GROUP_ORDER) % GROUP_ORDER;
      const signature = item.signature.slice();
      signature.set(integerToBytes(S), 32);
      return { ...item, signature };
    };
    for (const delta of [1n, 2n ** 128n, GROUP_ORDER / 2n]) {
      const batch = honest.map((item, i) => (i === 5 ? shifted(item, delta) : i === 40 ? shifted(item, -delta) : item));
      expect(verifyBatch(batch)).toEqual(honest.map((_, i) => i !== 5 && i !== 40));
      expect(verifyBatch([batch[5], batch[40]] as VerificationCase[])).toEqual([false, false]);
    }
  });

  it('refuses a signature moved to another message, key or nonce of the same batch', () => {
    const honest = cases.filter(({ family }) => family === 'prime-order A and R').slice(0, 100);
    const moved = honest.map((item, i) => ({ ...item, message: (honest[(i + 1) % 100] as VerificationCase).message }));
    expect(verifyBatch(moved)).toEqual(moved.map((item) => verify(item.publicKey, item.signature, item.message)));
    expect(verifyBatch(moved)).not.toContain(true);
  });
});

describe('a roster key', () => {
  it('is a canonical point of prime order: torsion, mixed orders, non-canonical and random bytes are refused', () => {
    const random = new SeededRandom(255);
    const point = multiply(12345n, BASE_POINT);
    const candidates = [
      ...TORSION_POINTS.map(encodePoint),
      ...TORSION_POINTS.map((torsion) => encodePoint(add(point, torsion))),
      ...EXTREME_BYTES,
      ...Array.from({ length: 100 }, () => random.bytes(32)),
      ...Array.from({ length: 20 }, () => encodePoint(multiply(integerFromBytes(random.bytes(31)), BASE_POINT))),
    ];
    const verdicts = candidates.map((bytes) => isRosterKey(bytes));
    expect(verdicts).toEqual(candidates.map(referenceRosterKey));
    expect(verdicts.filter(Boolean).length).toBeGreaterThanOrEqual(21);
  });

  it('is not of another length', () => {
    for (const length of [0, 31, 33, 64]) expect(isRosterKey(new Uint8Array(length))).toBe(false);
  });
});
