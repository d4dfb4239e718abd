/**
 * Public keys that a batch decoded, so that the next one from the same senders need not: 1,024 places, in each the last
 * key that fell there. Public data only; a key found here is canonical and not of small order.
 *
 * @module
 */
import { POINT, pointCopy } from './edwards25519';
import { sameBytes } from './ed25519-key-cache';
import { copyBytes } from './memory';

const PLACES: u32 = 1024;
const ENCODINGS: usize = memory.data(1024 * 32, 16);
const NEGATIVES: usize = memory.data(1024 * 160, 16);
/** Whether a place holds a key: 32 zero bytes are an encoding as well, of a point of small order. */
const TAKEN: usize = memory.data(1024, 16);

/** Where a key stands, if it is here at all: by the low bits of its encoding. */
function placeOf(publicKey: usize): usize {
  return <usize>(load<u32>(publicKey) & (PLACES - 1));
}

/** Copies the negative of a key's point to `negative`, if the key is known; returns whether it is. */
export function recallKey(negative: usize, publicKey: usize): bool {
  const place = placeOf(publicKey);
  if (!load<u8>(TAKEN + place) || !sameBytes(ENCODINGS + place * 32, publicKey)) return false;
  pointCopy(negative, NEGATIVES + place * POINT);
  return true;
}

/** Keeps the negative of a key's point; the key must be canonical and not of small order. */
export function rememberKey(publicKey: usize, negative: usize): void {
  const place = placeOf(publicKey);
  store<u8>(TAKEN + place, 1);
  copyBytes(ENCODINGS + place * 32, publicKey, 32);
  pointCopy(NEGATIVES + place * POINT, negative);
}
