/**
 * The canonical CBOR profile: one value, one encoding. RFC 8949 §4.2.1 (core deterministic encoding) restricted to
 * unsigned integers below 2^53, byte strings, text in normalization form C, arrays, booleans and null; arrays nest at
 * most eight deep.
 *
 * Signatures and hashes cover encoded bytes, so a second encoding of the same value would be a second identity for it:
 * the decoder refuses whatever the encoder would not have written.
 *
 * @module
 */
import { decode, encode } from 'cborg';
import { equalBytes, isBytes } from '../bytes.js';
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

function requireEncodable(value: unknown, path: string, depth: number): void {
  const refuse = (found: string): never => {
    throw new CodecError(`${path} cannot be encoded: it is ${found}`);
  };
  if (value === null || typeof value === 'boolean' || isBytes(value)) return;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
      refuse('a number that is not an integer from 0 to 2^53 - 1');
    }
  } else if (typeof value === 'string') {
    const fault = textFault(value);
    if (fault !== null) refuse(fault);
  } else if (Array.isArray(value)) {
    if (depth === MAX_DEPTH) refuse(`an array nested more than ${MAX_DEPTH} deep`);
    for (let i = 0; i < value.length; i++) requireEncodable(value[i], `${path}[${i}]`, depth + 1);
  } else {
    refuse(`of type ${typeof value}, and the profile has integers, bytes, text, arrays, booleans and null only`);
  }
}

/**
 * The one encoding of a value.
 *
 * @param value numbers must be integers from 0 to 2^53 - 1, text in normalization form C, arrays at most eight deep
 * @throws CodecError naming the first part of the value that has no place in the profile
 */
export function encodeCbor(value: CborValue): Uint8Array {
  requireEncodable(value, 'value', 0);
  return encode(value);
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
  const value = decode(bytes, STRICT) as CborValue;
  requireEncodable(value, what, 0);
  if (!equalBytes(encode(value), bytes)) {
    throw new CodecError(`${what} is not canonical CBOR: encoding its value again gives other bytes`);
  }
  return value;
}
