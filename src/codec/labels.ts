/**
 * Hashes and signatures are bound to what they are for by a label in front of the bytes, so that one made for one purpose
 * never counts for another.
 *
 * @module
 */
import { sha256Of } from '#sha256';
import { concatBytes, utf8 } from '../bytes.js';
import { InvalidInputError } from '../errors.js';

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
const ZERO = new Uint8Array(1);

/** Labels that are constants of the program are few, and some are used all the time: encoded once each. */
const encodedLabels = new Map<string, Uint8Array>();

/**
 * `ASCII(label) ‖ 0x00`: what a label puts in front of the bytes. It is not remembered, so that the label may contain
 * what somebody sent.
 *
 * @throws InvalidInputError unless the label is printable ASCII
 */
export function encodeLabel(label: string): Uint8Array {
  if (!PRINTABLE_ASCII.test(label)) throw new InvalidInputError('label must be printable ASCII text');
  return concatBytes(utf8(label), ZERO);
}

function constantLabel(label: string): Uint8Array {
  let bytes = encodedLabels.get(label);
  if (bytes === undefined) {
    bytes = encodeLabel(label);
    encodedLabels.set(label, bytes);
  }
  return bytes;
}

/**
 * `ASCII(label) ‖ 0x00 ‖ bytes`: what a labelled MAC covers.
 *
 * @param label printable ASCII, a constant of the program: each one is remembered for ever
 * @throws InvalidInputError unless the label is printable ASCII
 */
export function labelled(label: string, bytes: Uint8Array): Uint8Array {
  return concatBytes(constantLabel(label), bytes);
}

/**
 * `H(label, bytes) = SHA-256(ASCII(label) ‖ 0x00 ‖ bytes)`; 32 bytes.
 *
 * @param label printable ASCII, a constant of the program: each one is remembered for ever
 * @throws InvalidInputError unless the label is printable ASCII
 */
export function labelHash(label: string, bytes: Uint8Array): Uint8Array {
  return sha256Of(constantLabel(label), bytes);
}
