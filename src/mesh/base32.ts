/**
 * Short codes that people read to each other: Crockford's base 32, which leaves out the letters I, L, O and U.
 *
 * @module
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Crockford base 32 of the bytes, most significant bit first: 8 characters for every 5 bytes; a rest is dropped. */
export function crockfordBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held & 31) << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >> (bits - 5)) & 31);
  }
  return text;
}
