/**
 * The canonical CBOR profile: one value, one encoding. RFC 8949 §4.2.1 (core deterministic encoding) restricted to
 * unsigned integers below 2^53, byte strings, text in normalization form C, arrays, booleans and null; arrays nest at
 * most eight deep. The decoder takes at most 524,288 items, which no format needs.
 *
 * Signatures and hashes cover encoded bytes, so a second encoding of the same value would be a second identity for it:
 * the decoder refuses whatever the encoder would not have written. {@link scanCbor} sees to that.
 *
 * @module
 */
import { decode, encode } from 'cborg';
import { isBytes } from '../bytes.js';
import { CodecError } from '../errors.js';
import { MAX_DEPTH, scanCbor } from './cbor-scan.js';
import { textFault } from './text.js';

/** A value of the profile. Integers are numbers: unsigned and below 2^53. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[];

/** What {@link decodeCbor} needs to know. */
export interface DecodeOptions {
  /** More bytes than this are refused before they are looked at. */
  readonly maxBytes: number;
  /** Names the bytes in error messages; `the input` where absent. */
  readonly what?: string;
}

/** cborg's own guards, on top of {@link scanCbor}, which has refused all of this already. */
const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: false,
  allowNaN: false,
  allowInfinity: false,
} as const;

/** Where and why a value is outside the profile (`[2][0] is …`), or null if it is not. */
function faultOf(value: unknown, depth: number): string | null {
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return null;
  if (typeof value === 'number') {
    const inRange = Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
    return inRange ? null : ' is a number, but not an integer from 0 to 2^53 - 1';
  }
  if (typeof value === 'string') {
    const fault = textFault(value);
    return fault === null ? null : ` is ${fault}`;
  }
  // cborg would take these for objects.
  if (isBytes(value)) return ' is a byte array of another realm: copy it with new Uint8Array(bytes)';
  if (!Array.isArray(value)) return ' is none of integer, byte string, text, array, boolean and null';
  if (depth === MAX_DEPTH) return ` is an array nested more than ${MAX_DEPTH} deep`;
  for (let i = 0; i < value.length; i++) {
    const fault = faultOf(value[i], depth + 1);
    if (fault !== null) return `[${i}]${fault}`;
  }
  return null;
}

/**
 * The one encoding of a value.
 *
 * @param value numbers must be integers from 0 to 2^53 - 1, text in normalization form C, arrays at most eight deep
 * @throws CodecError naming the first part of the value that has no place in the profile
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const fault = faultOf(value, 0);
  if (fault !== null) throw new CodecError(`value cannot be encoded as CBOR: value${fault}`);
  // In Node, cborg may give a Buffer, and one inside memory that others share; callers get plain bytes of their own.
  return new Uint8Array(encode(value));
}

/**
 * The value that the bytes encode. Byte strings in it are copies.
 *
 * @throws CodecError if the bytes are too many, not of the profile, or not what {@link encodeCbor} gives for their value
 */
export function decodeCbor(bytes: Uint8Array, { maxBytes, what = 'the input' }: DecodeOptions): CborValue {
  if (!isBytes(bytes)) throw new CodecError(`${what} must be a Uint8Array`);
  if (bytes.length > maxBytes) {
    throw new CodecError(`${what} is ${bytes.length} bytes long, and at most ${maxBytes} are allowed`);
  }
  scanCbor(bytes, what);
  // cborg insists on the byte arrays of this realm.
  return decode(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), STRICT) as CborValue;
}
