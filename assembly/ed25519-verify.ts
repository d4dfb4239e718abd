/**
 * Verification of one Ed25519 signature. The rule, the same everywhere in this library: A and R are canonical encodings
 * of points, A is not of small order, S < L, and [8][S]B = [8]R + [8][k]A with k = SHA-512(R ‖ A ‖ M) mod L.
 *
 *     verifyStart(publicKey, signature); sha512Update(message …); verifyFinish(publicKey, signature)
 *
 * Everything here but the message is public; the time depends on it.
 *
 * @module
 */
import { HALF_SCALAR_SIZE, halveScalar } from './ed25519-half-scalars';
import { CACHE_WIDTH, cachedTables, noteKey, quarterTable, sameBytes } from './ed25519-key-cache';
import { BASE_WIDTH, baseOddMultiples } from './edwards25519-base-odd';
import {
  addendFromPoint,
  POINT,
  pointIsIdentity,
  pointIsSmallOrder,
  pointNegate,
  pointSubtract,
  pointTimesEight,
} from './edwards25519';
import { pointDecode, pointDecodeTwo, pointEncode } from './edwards25519-encoding';
import { fillOddMultiples, strausStart, strausSum, strausTerm } from './multi-scalar';
import { scalarIsCanonical, scalarMultiply, scalarReduceWide } from './scalar25519';
import { sha512Final, sha512Init, sha512Update, sha512Wipe } from './sha512';

/** Width of the non-adjacent form for points met once: a table of eight. */
const WIDTH: u32 = 5;
const ENTRIES: usize = 8;

const SCRATCH: usize = memory.data(64 + 48 + 48 + 48 + 3 * 160 + 2 * 8 * 160 + 32, 16);
const HASH: usize = SCRATCH; // k
const U: usize = SCRATCH + 64; // half-size scalars; strausTerm reads 4 bytes beyond a scalar
const V: usize = SCRATCH + 64 + 48;
const BASE_SCALAR: usize = SCRATCH + 64 + 96;
const POINT_A: usize = SCRATCH + 64 + 144;
const POINT_R: usize = POINT_A + POINT;
const SUM: usize = POINT_R + POINT;
const TABLE_A: usize = SUM + POINT;
const TABLE_R: usize = TABLE_A + ENTRIES * POINT;
const ENCODING: usize = TABLE_R + ENTRIES * POINT;

/** Begins a verification; the message follows. */
export function verifyStart(publicKey: usize, signature: usize): void {
  sha512Init();
  sha512Update(signature, 32);
  sha512Update(publicKey, 32);
}

/** Ends it: whether the signature is good. Wipes what the message left behind: it need not be public. */
export function verifyFinish(publicKey: usize, signature: usize): bool {
  sha512Final(HASH);
  sha512Wipe();
  if (!scalarIsCanonical(signature + 32)) return false;
  scalarReduceWide(HASH, HASH);
  const tables = cachedTables(publicKey);
  if (tables) return holdsForCachedKey(tables, signature);
  if (pointDecodeTwo(POINT_A, POINT_R, publicKey, signature) != 3) return false;
  if (pointIsSmallOrder(POINT_A)) return false;
  pointNegate(POINT_A, POINT_A);
  pointNegate(POINT_R, POINT_R);
  if (!equationHolds(signature + 32)) return false;
  noteKey(publicKey, POINT_A);
  return true;
}

/** Whether [8]([v·S]B - [v]R - [u]A) is the identity, where u = v·k: the rule's equation, times v. */
function equationHolds(s: usize): bool {
  const negative = halveScalar(U, V, HASH);
  scalarMultiply(BASE_SCALAR, V, s);
  // For a negative v all signs are turned: [|v|·S]B - [|v|]R + [u]A.
  if (negative) pointNegate(SUM, POINT_A);
  fillOddMultiples(TABLE_A, negative ? SUM : POINT_A, ENTRIES);
  fillOddMultiples(TABLE_R, POINT_R, ENTRIES);
  strausStart(4);
  strausTerm(TABLE_A, U, 127, WIDTH);
  strausTerm(TABLE_R, V, 127, WIDTH);
  strausTerm(baseOddMultiples(0), BASE_SCALAR, 128, BASE_WIDTH);
  strausTerm(baseOddMultiples(2), BASE_SCALAR + HALF_SCALAR_SIZE, 125, BASE_WIDTH);
  strausSum(SUM);
  pointTimesEight(SUM, SUM);
  return pointIsIdentity(SUM);
}

/**
 * The same for a key in the cache. [S]B - [k]A is computed from quarters of S and k. An honest signature has exactly
 * the encoding of this point for R, which then needs no decoding.
 */
function holdsForCachedKey(tables: usize, signature: usize): bool {
  strausStart(8);
  for (let quarter: usize = 0; quarter < 4; quarter++) {
    const bits: usize = quarter < 3 ? 64 : 61;
    strausTerm(quarterTable(tables, quarter), HASH + 8 * quarter, bits, CACHE_WIDTH);
    strausTerm(baseOddMultiples(quarter), signature + 32 + 8 * quarter, bits, BASE_WIDTH);
  }
  strausSum(SUM);
  pointEncode(ENCODING, SUM);
  if (sameBytes(ENCODING, signature)) return true;
  if (!pointDecode(POINT_R, signature)) return false;
  addendFromPoint(TABLE_R, POINT_R);
  pointSubtract(SUM, SUM, TABLE_R);
  pointTimesEight(SUM, SUM);
  return pointIsIdentity(SUM);
}
