/**
 * What counts as text in the CBOR profile: Unicode in normalization form C, without lone surrogates (they have no UTF-8
 * form) and without a leading byte order mark (decoders differ on whether it belongs to the text).
 *
 * @module
 */

const ASCII_ONLY = /^[\0-\x7f]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const BYTE_ORDER_MARK = '\ufeff';

/** What keeps the text out of the profile, in words that follow "is", or null if nothing does. */
export function textFault(text: string): string | null {
  if (ASCII_ONLY.test(text)) return null;
  if (LONE_SURROGATE.test(text)) return 'text with a lone surrogate';
  if (text.startsWith(BYTE_ORDER_MARK)) return 'text that begins with a byte order mark';
  if (text.normalize('NFC') !== text) return 'text that is not in normalization form C';
  return null;
}
