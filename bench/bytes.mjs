/**
 * Small tools on byte arrays that peers and suites share.
 *
 * @module
 */

/**
 * The parts, one after the other.
 *
 * @param {...Uint8Array} parts
 */
export function join(...parts) {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Whether two arrays hold the same bytes.
 *
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, position) => byte === b[position]);
}

/**
 * An endless source of bytes that is the same in every run and for every peer: Marsaglia's xorshift32. For inputs of
 * measurements only; nothing secret comes from here.
 *
 * @param {number} seed not 0
 * @returns {(length: number) => Uint8Array}
 */
export function byteSource(seed) {
  let state = seed;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}
