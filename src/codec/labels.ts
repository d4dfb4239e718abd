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

/** Labels are few and short, and used for every frame: encoded once each. */
const encodedLabels = new Map<string, Uint8Array>();

function labelBytes(label: string): Uint8Array {
  let bytes = encodedLabels.get(label);
  if (bytes === undefined) {
    if (!PRINTABLE_ASCII.test(label)) throw new InvalidInputError('label must be printable ASCII text');
    bytes = concatBytes(utf8(label), ZERO);
    encodedLabels.set(label, bytes);
  }
  return bytes;
}

/**
 * `ASCII(label) ‖ 0x00 ‖ bytes`: what a labelled hash, signature or MAC covers.
 *
 * @param label printable ASCII, a constant of the protocol (each one is remembered for ever)
 */
export function labelled(label: string, bytes: Uint8Array): Uint8Array {
  return concatBytes(labelBytes(label), bytes);
}

/**
 * `H(label, bytes) = SHA-256(ASCII(label) ‖ 0x00 ‖ bytes)`; 32 bytes.
 *
 * @param label printable ASCII, a constant of the protocol (each one is remembered for ever)
 */
export function labelHash(label: string, bytes: Uint8Array): Uint8Array {
  return sha256Of(labelBytes(label), bytes);
}
