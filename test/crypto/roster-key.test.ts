/**
 * The check of a roster's signing keys, against points whose order is known by construction: points of order L, moved by each of
 * the eight points of small order.
 *
 * @module
 */
import { expect, it } from 'vitest';
import { isRosterKey } from '../../src/crypto/ed25519.js';
import {
  add,
  BASE_POINT,
  encodePoint,
  multiply,
  NEUTRAL,
  negate,
  samePoint,
  TORSION_POINTS,
} from '../support/edwards-reference.js';
import { integerFromBytes } from '../support/little-endian.js';
import { SeededRandom } from '../support/seeded-random.js';

const STEPS = 150;
const random = new SeededRandom(1164);
const randomPoint = () => multiply(integerFromBytes(random.bytes(31)), BASE_POINT);

it('takes points of order L, of either sign, and none of them once a point of small order is added', () => {
  const step = randomPoint();
  let point = randomPoint();
  for (let count = 0; count < STEPS; count++) {
    point = add(point, step);
    for (const torsion of TORSION_POINTS) {
      const moved = add(point, torsion);
      const expected = samePoint(torsion, NEUTRAL);
      expect(isRosterKey(encodePoint(moved))).toBe(expected);
      expect(isRosterKey(encodePoint(negate(moved)))).toBe(expected);
    }
  }
});

it('takes small multiples of the base point', () => {
  let point = NEUTRAL;
  for (let count = 0; count < STEPS; count++) {
    point = add(point, BASE_POINT);
    expect(isRosterKey(encodePoint(point))).toBe(true);
  }
});
