/**
 * Public keys that verified signatures more than once, with tables from which the next signature is verified with a
 * quarter of the doublings: odd multiples of -A, -2^64·A, -2^128·A and -2^192·A. A bounded number of slots in static
 * memory, public data only; the slot that was not used for longest, by the clock algorithm, makes room.
 *
 * A key is entered by a signature that is good, so its slot says that it is canonical and not of small order.
 *
 * @module
 */
import { POINT, pointDouble } from './edwards25519';
import { copyBytes } from './memory';
import { fillOddMultiples } from './multi-scalar';

const SLOTS: usize = 128;

/** Width of the non-adjacent form that the tables serve. */
export const CACHE_WIDTH: u32 = 5;
const ENTRIES: usize = 8; // 2^(5 - 2)
const TABLE: usize = ENTRIES * POINT;

const KEYS: usize = memory.data(128 * 32, 16);
const TABLES: usize = memory.data(128 * 4 * 8 * 160, 16);
/** 0 for a free slot, 1 for one that the clock's hand passed since its last use, 2 for a used one. */
const STATES: usize = memory.data(128, 16);

/** Keys met once, by their first byte: the first 8 bytes. Who shares both is taken in a signature early, no more. */
const MET: usize = memory.data(256 * 8, 16);
const STEP: usize = memory.data(160, 16);

let hand: usize = 0;

/** Whether two runs of 32 bytes are equal, for public data: it stops at the first difference. */
@inline
export function sameBytes(a: usize, b: usize): bool {
  return (
    load<u64>(a) == load<u64>(b) &&
    load<u64>(a, 8) == load<u64>(b, 8) &&
    load<u64>(a, 16) == load<u64>(b, 16) &&
    load<u64>(a, 24) == load<u64>(b, 24)
  );
}

/** The tables of a key, one after the other for quarters 0 to 3, or 0 if it is not in the cache. */
export function cachedTables(publicKey: usize): usize {
  for (let slot: usize = 0; slot < SLOTS; slot++) {
    if (sameBytes(KEYS + slot * 32, publicKey) && load<u8>(STATES + slot)) {
      store<u8>(STATES + slot, 2);
      return TABLES + slot * 4 * TABLE;
    }
  }
  return 0;
}

/** The table for quarter `quarter` among a key's tables. */
export function quarterTable(tables: usize, quarter: usize): usize {
  return tables + quarter * TABLE;
}

/** Frees a slot: the first that was not used since the hand passed it last. */
function takeSlot(): usize {
  while (load<u8>(STATES + hand) == 2) {
    store<u8>(STATES + hand, 1);
    hand = (hand + 1) & (SLOTS - 1);
  }
  const slot = hand;
  hand = (hand + 1) & (SLOTS - 1);
  return slot;
}

/** Notes that a key, whose negative is the point `negative`, verified a signature; the second time it gets a slot. */
export function noteKey(publicKey: usize, negative: usize): void {
  const met = MET + <usize>load<u8>(publicKey) * 8;
  if (load<u64>(met) != load<u64>(publicKey)) {
    store<u64>(met, load<u64>(publicKey));
    return;
  }
  const slot = takeSlot();
  // Free until its tables are made: the runtime may end a call at any point, and key and tables must not differ.
  store<u8>(STATES + slot, 0);
  const tables = TABLES + slot * 4 * TABLE;
  copyBytes(KEYS + slot * 32, publicKey, 32);
  copyBytes(STEP, negative, POINT);
  for (let quarter: usize = 0; quarter < 4; quarter++) {
    fillOddMultiples(quarterTable(tables, quarter), STEP, ENTRIES);
    for (let i = 0; i < 64; i++) pointDouble(STEP, STEP);
  }
  store<u8>(STATES + slot, 2);
}
