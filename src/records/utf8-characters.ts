/**
 * Strict UTF-8, character by character (Unicode 15.0, table 3-7): an engine's decoder tells neither where bytes are wrong,
 * nor code points without making text of them.
 *
 * @module
 */

/**
 * The bytes of a well-formed UTF-8 character by its first byte, or 0 where none begins so (Unicode 15.0, table 3-7).
 */
export function characterLength(first: number): number {
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** The code point of a character of two to four bytes that stand there; -1 if they are no well-formed UTF-8. */
export function decodeCharacter(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  if ((second & 0xc0) !== 0x80) return -1;
  if (length === 2) return ((first & 0x1f) << 6) | (second & 0x3f);
  const third = bytes[at + 2] as number;
  if ((third & 0xc0) !== 0x80) return -1;
  if (length === 3) {
    const point = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    // Overlong forms and surrogates.
    return point < 0x800 || (point & 0xf800) === 0xd800 ? -1 : point;
  }
  const fourth = bytes[at + 3] as number;
  if ((fourth & 0xc0) !== 0x80) return -1;
  const point = ((first & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
  return point < 0x10000 || point > 0x10ffff ? -1 : point;
}
