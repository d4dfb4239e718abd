/**
 * Bytes as text that survives chat windows and URLs: base64url of RFC 4648 §5 without padding. Strict: one text for each
 * byte string, so that comparing texts compares bytes.
 *
 * @module
 */
import { CodecError } from '../errors.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SIX_BITS = 63;

/** The text of the bytes: 4 characters for every 3 bytes, no padding. */
export function base64urlEncode(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] as number;
    const b = bytes[i + 1];
    const c = bytes[i + 2];
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & SIX_BITS);
    if (b !== undefined) text += ALPHABET.charAt((group >> 6) & SIX_BITS);
    if (c !== undefined) text += ALPHABET.charAt(group & SIX_BITS);
  }
  return text;
}

/** The value of each ASCII character, or -1. */
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/**
 * The bytes of a text that {@link base64urlEncode} made. White space around it, as copying leaves it, is ignored.
 *
 * @param what names the text in the error's message
 * @throws CodecError on any other character, padding, an impossible length, or bits left over that are not zero
 */
export function base64urlDecode(text: string, what = 'text'): Uint8Array {
  const trimmed = text.trim();
  if (trimmed.length % 4 === 1) throw new CodecError(`${what} is not base64url: a character is missing or too many`);
  const bytes = new Uint8Array(Math.floor((trimmed.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < trimmed.length; i++) {
    const value = VALUES[trimmed.charCodeAt(i)] ?? -1;
    if (value < 0) throw new CodecError(`${what} is not base64url: unexpected character at position ${i + 1}`);
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = bits >> held;
    }
  }
  if ((bits & ((1 << held) - 1)) !== 0)
    throw new CodecError(`${what} is not base64url: its last character carries stray bits`);
  return bytes;
}
