/**
 * Verification of many Ed25519 signatures at once, by a random linear combination (Bernstein et al., "High-speed
 * high-security signatures", §5): with random z,
 *
 *     [8]([Σ zᵢ·Sᵢ]B - Σ [zᵢ]Rᵢ - Σ [zᵢ·kᵢ]Aᵢ)  is the identity
 *
 * if every signature satisfies the rule of `ed25519-verify.ts`, and with probability below 2^-126 if one does not. The
 * terms of one public key are merged into one. Where a sum fails, its halves are checked; a sum of one signature with
 * z ≠ 0 is that signature's own equation, so each gets the verdict that `verifyFinish` would give.
 *
 *     batchStart()
 *     for each item: batchItem(publicKey, signature); sha512Update(message …); batchItemEnd(coefficient)
 *     batchFinish(verdicts)
 *
 * Everything here but the messages is public; the time depends on it.
 *
 * @module
 */
import { baseOddMultiples, BASE_WIDTH } from './edwards25519-base-odd';
import { BASE_POINT } from './edwards25519-base-table';
import { recallKey, rememberKey } from './ed25519-decoded-keys';
import { sameBytes } from './ed25519-key-cache';
import { POINT, pointIsIdentity, pointIsSmallOrder, pointNegate, pointTimesEight } from './edwards25519';
import { pointDecode, pointDecodeTwo } from './edwards25519-encoding';
import { copyBytes } from './memory';
import { fillOddMultiples, MAX_TERMS, strausStart, strausSum, strausTerm } from './multi-scalar';
import { bucketsStart, bucketsSum, bucketsTerm } from './multi-scalar-buckets';
import { scalarIsCanonical, scalarMultiplyAdd, scalarReduceWide } from './scalar25519';
import { sha512Final, sha512Init, sha512Update, sha512Wipe } from './sha512';

/** Most items of a batch. */
const MAX_ITEMS: usize = 1024;

/** An item: S, k and z (padded), then the index of its key. */
const ITEM: usize = 112;
const ITEM_K: usize = 32;
const ITEM_Z: usize = 64;
const ITEM_KEY: usize = 96;
const ITEMS: usize = memory.data(1024 * 112, 16);
const VERDICTS: usize = memory.data(1024, 16);

/**
 * Encodings and the negatives of their points: those of R first, by item, then the distinct keys. VALID says which of
 * them are what the rule demands.
 */
const ENCODINGS: usize = memory.data(2048 * 32, 16);
const POINTS: usize = memory.data(2048 * 160, 16);
const VALID: usize = memory.data(2048, 16);
const KEYS: usize = 1024; // number of the first key
const NONE: usize = 2048;

/** Σ z·k of each key in the range being checked, padded for `strausTerm`, and whether it has any term. */
const KEY_SCALAR: usize = 48;
const KEY_SCALARS: usize = memory.data(1024 * 48, 16);
const KEY_USED: usize = memory.data(1024, 16);

/** Keys by the low bits of their encoding, open addressing: index + 1 in 16 bits, 0 for free. */
const INDEX_SIZE: usize = 4096;
const INDEX: usize = memory.data(4096 * 2, 16);

/** Tables for Straus's method: 4 entries for an R (128-bit z), 8 for a key. */
const R_WIDTH: u32 = 4;
const R_ENTRIES: usize = 4;
const KEY_WIDTH: u32 = 5;
const KEY_ENTRIES: usize = 8;
const TABLES: usize = memory.data(288 * 8 * 160, 16);

const SCRATCH: usize = memory.data(64 + 48 + 48 + 160 + 160, 16);
const HASH: usize = SCRATCH;
const BASE_SCALAR: usize = SCRATCH + 64;
const ZERO: usize = SCRATCH + 112;
const SUM: usize = SCRATCH + 160;
const BASE: usize = SUM + POINT;

let items: usize = 0;
let keys: usize = 0;
/** The number of an encoding that waits for another one, to be decoded with it. */
let waiting: usize = NONE;

/** Begins a batch. */
export function batchStart(): void {
  items = 0;
  keys = 0;
  waiting = NONE;
  memory.fill(INDEX, 0, INDEX_SIZE * 2);
}

/** Begins the next of at most MAX_ITEMS items; its message follows. */
export function batchItem(publicKey: usize, signature: usize): void {
  const item = ITEMS + items * ITEM;
  copyBytes(ENCODINGS + items * 32, signature, 32);
  copyBytes(item, signature + 32, 32);
  decodeSoon(items);
  store<u32>(item + ITEM_KEY, <u32>keyIndex(publicKey));
  sha512Init();
  sha512Update(signature, 32);
  sha512Update(publicKey, 32);
}

/** Ends the item: the 16 random bytes at `coefficient` become its z, made odd, hence not zero. */
export function batchItemEnd(coefficient: usize): void {
  const item = ITEMS + items * ITEM;
  sha512Final(HASH);
  scalarReduceWide(item + ITEM_K, HASH);
  copyBytes(item + ITEM_Z, coefficient, 16);
  store<u8>(item + ITEM_Z, load<u8>(item + ITEM_Z) | 1);
  items += 1;
}

/** The index of a key among the distinct keys of the batch, where it is entered if it is new. */
function keyIndex(publicKey: usize): usize {
  let place = <usize>(load<u32>(publicKey) & <u32>(INDEX_SIZE - 1));
  for (;;) {
    const entry = <usize>load<u16>(INDEX + 2 * place);
    if (entry == 0) break;
    if (sameBytes(ENCODINGS + (KEYS + entry - 1) * 32, publicKey)) return entry - 1;
    place = (place + 1) & (INDEX_SIZE - 1);
  }
  copyBytes(ENCODINGS + (KEYS + keys) * 32, publicKey, 32);
  const key = keys;
  keys += 1;
  store<u16>(INDEX + 2 * place, <u16>keys);
  if (recallKey(POINTS + (KEYS + key) * POINT, publicKey)) store<u8>(VALID + KEYS + key, 1);
  else decodeSoon(KEYS + key);
  return key;
}

/** Notes whether encoding number `i` is what the rule demands, and makes its point the negative. */
function settlePoint(i: usize, decoded: bool): void {
  const p = POINTS + i * POINT;
  let valid = decoded;
  if (decoded) {
    if (i >= KEYS && pointIsSmallOrder(p)) valid = false;
    pointNegate(p, p);
    if (i >= KEYS && valid) rememberKey(ENCODINGS + i * 32, p);
  }
  store<u8>(VALID + i, valid);
}

function decodeTwo(first: usize, second: usize): void {
  const valid = pointDecodeTwo(
    POINTS + first * POINT,
    POINTS + second * POINT,
    ENCODINGS + first * 32,
    ENCODINGS + second * 32,
  );
  settlePoint(first, (valid & 1) != 0);
  if (second != first) settlePoint(second, (valid & 2) != 0);
}

/** Has encoding number `i` decoded: as soon as there is a second one for the other lane. */
function decodeSoon(i: usize): void {
  if (waiting == NONE) {
    waiting = i;
  } else {
    decodeTwo(waiting, i);
    waiting = NONE;
  }
}

/** Decodes what still waits and settles the verdicts that need no equation. */
function settleItems(): void {
  if (waiting != NONE) decodeTwo(waiting, waiting);
  for (let i: usize = 0; i < items; i++) {
    const item = ITEMS + i * ITEM;
    const good =
      load<u8>(VALID + i) != 0 && load<u8>(VALID + KEYS + load<u32>(item + ITEM_KEY)) != 0 && scalarIsCanonical(item);
    store<u8>(VERDICTS + i, good);
  }
}

/** Collects the scalars of B and of the keys for items `from` … `to` - 1; returns the number of terms of the sum. */
function collectScalars(from: usize, to: usize): usize {
  let terms: usize = 1;
  memory.fill(BASE_SCALAR, 0, 32);
  memory.fill(KEY_USED, 0, keys);
  for (let i = from; i < to; i++) {
    if (!load<u8>(VERDICTS + i)) continue;
    const item = ITEMS + i * ITEM;
    const key = <usize>load<u32>(item + ITEM_KEY);
    const scalar = KEY_SCALARS + key * KEY_SCALAR;
    scalarMultiplyAdd(BASE_SCALAR, item, item + ITEM_Z, BASE_SCALAR);
    const used = load<u8>(KEY_USED + key) != 0;
    scalarMultiplyAdd(scalar, item + ITEM_K, item + ITEM_Z, used ? scalar : ZERO);
    store<u8>(KEY_USED + key, 1);
    terms += used ? 1 : 2;
  }
  return terms;
}

function sumByStraus(from: usize, to: usize, terms: usize): void {
  let table = TABLES;
  strausStart(terms);
  strausTerm(baseOddMultiples(0), BASE_SCALAR, 253, BASE_WIDTH);
  for (let i = from; i < to; i++) {
    if (!load<u8>(VERDICTS + i)) continue;
    fillOddMultiples(table, POINTS + i * POINT, R_ENTRIES);
    strausTerm(table, ITEMS + i * ITEM + ITEM_Z, 128, R_WIDTH);
    table += R_ENTRIES * POINT;
  }
  for (let key: usize = 0; key < keys; key++) {
    if (!load<u8>(KEY_USED + key)) continue;
    fillOddMultiples(table, POINTS + (KEYS + key) * POINT, KEY_ENTRIES);
    strausTerm(table, KEY_SCALARS + key * KEY_SCALAR, 253, KEY_WIDTH);
    table += KEY_ENTRIES * POINT;
  }
  strausSum(SUM);
}

function sumByBuckets(from: usize, to: usize): void {
  bucketsStart();
  pointDecode(BASE, BASE_POINT);
  bucketsTerm(BASE, BASE_SCALAR);
  for (let i = from; i < to; i++) {
    if (load<u8>(VERDICTS + i)) bucketsTerm(POINTS + i * POINT, ITEMS + i * ITEM + ITEM_Z);
  }
  for (let key: usize = 0; key < keys; key++) {
    if (load<u8>(KEY_USED + key)) bucketsTerm(POINTS + (KEYS + key) * POINT, KEY_SCALARS + key * KEY_SCALAR);
  }
  bucketsSum(SUM);
}

/** Settles the verdicts of items `from` … `to` - 1 that are still open. */
function checkRange(from: usize, to: usize): void {
  const terms = collectScalars(from, to);
  if (terms == 1) return;
  if (terms <= MAX_TERMS) sumByStraus(from, to, terms);
  else sumByBuckets(from, to);
  pointTimesEight(SUM, SUM);
  if (pointIsIdentity(SUM)) return;
  if (to - from == 1) {
    store<u8>(VERDICTS + from, 0);
    return;
  }
  const middle = (from + to) >> 1;
  checkRange(from, middle);
  checkRange(middle, to);
}

/** Ends the batch: writes a byte for each item, 1 if its signature is good. Wipes what a last message left behind. */
export function batchFinish(verdicts: usize): void {
  settleItems();
  if (items != 0) checkRange(0, items);
  copyBytes(verdicts, VERDICTS, items);
  sha512Wipe();
}
