/**
 * X25519 (RFC 7748): shared secrets, and public keys. A u-coordinate is a quotient X / Z; those of one call, of up to
 * `X25519_BATCH` scalars, take one inversion together: each follows from the inverse of the product of all Z
 * (Montgomery's trick). Scalars are worked on two by two.
 *
 * @module
 */
import { POINT } from './edwards25519';
import { baseMultiply, baseMultiplyTwo, baseWipe } from './edwards25519-base';
import { pointToMontgomery } from './edwards25519-encoding';
import { multiply, PAIR } from './field25519';
import { isZero, writeElement } from './field25519-bytes';
import { invertFirst } from './field25519-inverse';
import { select, swapLanes } from './field25519-lanes';
import { copyBytes, wipe } from './memory';
import { scalarClamp, scalarReduce } from './scalar25519';
import { ladder, RESULT, wipeLadder } from './x25519-ladder';
import { FIRST_RESULT, SECOND_RESULT, twoLadders, wipeTwoLadders } from './x25519-two-ladders';

/** The most scalars in one call. */
const X25519_BATCH: usize = 32;
/** A secret and a public key for each. */
const RESULTS: usize = 2 * X25519_BATCH;

const SCRATCH: usize = memory.data(130 * 80 + 32 + 2 * 160, 16);

/** (X, Z) of each result. */
const POINTS: usize = SCRATCH;
/** In lane 1, the product of Z of this result and all before it. */
const PRODUCTS: usize = SCRATCH + RESULTS * PAIR;
/** In lane 1, the inverse of such a product. */
const INVERSE: usize = PRODUCTS + RESULTS * PAIR;
const QUOTIENT: usize = INVERSE + PAIR;
const ENCODING: usize = QUOTIENT + PAIR;
/** Multiples of the base point. */
const FIRST_MULTIPLE: usize = ENCODING + 32;
const SECOND_MULTIPLE: usize = FIRST_MULTIPLE + POINT;

/** (0, 1), which stands in for a point with Z = 0: RFC 7748 defines X / 0 as 0. */
const ZERO_POINT: usize = memory.data<u32>([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** Takes Z of result i into the product. */
function extendProduct(i: usize): void {
  const point = POINTS + i * PAIR;
  if (i == 0) copyBytes(PRODUCTS, point, PAIR);
  else multiply(PRODUCTS + i * PAIR, PRODUCTS + (i - 1) * PAIR, point);
}

/** Keeps a ladder's (X, Z) as result i. A zero among the factors would make the common product useless to all others. */
function keepSecret(i: usize, result: usize): void {
  writeElement(ENCODING, result, 1);
  select(POINTS + i * PAIR, result, ZERO_POINT, -<i32>isZero(ENCODING));
  extendProduct(i);
}

/** Keeps a multiple of the base point as result i. Z is not zero: no clamped scalar is a multiple of L. */
function keepPublicKey(i: usize, multiple: usize): void {
  pointToMontgomery(POINTS + i * PAIR, multiple);
  extendProduct(i);
}

/** Results 0 … count - 1: scalar i times point i. */
function keepSecrets(scalars: usize, points: usize, count: usize): void {
  let done: usize = 0;
  for (; done + 2 <= count; done += 2) {
    twoLadders(scalars + 32 * done, points + 32 * done);
    keepSecret(done, FIRST_RESULT);
    keepSecret(done + 1, SECOND_RESULT);
  }
  if (done > 0) wipeTwoLadders();
  if (done < count) {
    ladder(scalars + 32 * done, points + 32 * done);
    keepSecret(done, RESULT);
    wipeLadder();
  }
}

/**
 * Results first … first + count - 1: scalar i times the base point, on the Edwards curve, where the same multiple does not
 * change when the scalar is taken modulo L. The scalars are clamped and reduced in place.
 */
function keepPublicKeys(first: usize, scalars: usize, count: usize): void {
  const end = scalars + 32 * count;
  for (let scalar = scalars; scalar < end; scalar += 32) {
    scalarClamp(scalar);
    scalarReduce(scalar, scalar);
  }
  let done: usize = 0;
  for (; done + 2 <= count; done += 2) {
    const scalar = scalars + 32 * done;
    baseMultiplyTwo(FIRST_MULTIPLE, SECOND_MULTIPLE, scalar, scalar + 32);
    keepPublicKey(first + done, FIRST_MULTIPLE);
    keepPublicKey(first + done + 1, SECOND_MULTIPLE);
  }
  if (done < count) {
    baseMultiply(FIRST_MULTIPLE, scalars + 32 * done);
    keepPublicKey(first + done, FIRST_MULTIPLE);
  }
  baseWipe();
}

/** Writes X / Z of result i, whose product's inverse is in INVERSE, and leaves there the inverse of the one before. */
function writeResult(out: usize, i: usize): void {
  const point = POINTS + i * PAIR;
  if (i == 0) {
    copyBytes(QUOTIENT, INVERSE, PAIR);
  } else {
    multiply(QUOTIENT, INVERSE, PRODUCTS + (i - 1) * PAIR);
    multiply(INVERSE, INVERSE, point);
  }
  swapLanes(QUOTIENT, QUOTIENT);
  multiply(QUOTIENT, QUOTIENT, point);
  writeElement(out, QUOTIENT, 0);
}

/** Writes the results that were kept, 32 bytes each, and wipes all scratch. */
function writeResults(out: usize, count: usize): void {
  swapLanes(INVERSE, PRODUCTS + (count - 1) * PAIR);
  invertFirst(INVERSE, INVERSE);
  for (let i: usize = count; i > 0; i--) writeResult(out + 32 * (i - 1), i - 1);
  wipe(POINTS, count * PAIR);
  wipe(PRODUCTS, count * PAIR);
  wipe(INVERSE, 2 * PAIR + 32 + 2 * POINT);
}

/**
 * X25519 (RFC 7748 §5): `out` = the shared secret, 32 bytes, of the 32-byte scalar and point.
 *
 * @returns 1, or 0 if the secret is all zeros because the point is of low order (RFC 7748 §6.1)
 */
export function x25519(out: usize, scalar: usize, point: usize): u32 {
  keepSecrets(scalar, point, 1);
  writeResults(out, 1);
  return 1 - isZero(out);
}

/**
 * X25519 of the base point (RFC 7748 §6.1): `out` = the public key, 32 bytes, for the 32-byte secret at `scalar`, which
 * changes and is the caller's to wipe.
 */
export function x25519PublicKey(out: usize, scalar: usize): void {
  keepPublicKeys(0, scalar, 1);
  writeResults(out, 1);
}

/**
 * Writes `count` shared secrets, each of the scalar and the point at the same place, and behind them the public keys of
 * the scalars; 32 bytes each. What both sides of HPKE need, at the price of one inversion. The scalars change and are the
 * caller's to wipe.
 *
 * @param count 1 to `X25519_BATCH`
 */
export function x25519WithPublicKeys(out: usize, scalars: usize, points: usize, count: usize): void {
  keepSecrets(scalars, points, count);
  keepPublicKeys(count, scalars, count);
  writeResults(out, 2 * count);
}
