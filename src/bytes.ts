/**
 * Small tools on byte arrays that every layer uses: argument checks, concatenation, comparison.
 *
 * @module
 */
import { InvalidInputError } from './errors.js';

/**
 * Whether the value is a `Uint8Array` (of any realm; a subclass counts as well). `isView` comes first because a proxy and
 * an object that merely inherits from `Uint8Array` pass `instanceof`, and throw as soon as their length is read.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) &&
    (value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]')
  );
}

/**
 * Checks an argument that must be a `Uint8Array`, of `length` bytes where that is given.
 *
 * @returns the same bytes, as a `Uint8Array` of this realm (test runners and frames may bring others)
 * @throws InvalidInputError naming the argument and what was expected
 */
export function requireBytes(name: string, value: unknown, length?: number): Uint8Array {
  if (!isBytes(value)) throw new InvalidInputError(`${name} must be a Uint8Array`);
  if (length !== undefined && value.length !== length) {
    throw new InvalidInputError(`${name} must be ${length} bytes long, got ${value.length}`);
  }
  return value instanceof Uint8Array ? value : new Uint8Array(value);
}

/**
 * A view of `length` bytes of an array from `start` on. Unlike `subarray` it does not ask a subclass for one, which may
 * give another part, or throw.
 */
export function section(bytes: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
}

/**
 * Checks the settings that a function takes as an object.
 *
 * @throws InvalidInputError if they are something else, such as null
 */
export function requireOptions<T extends object>(options: T): T {
  if (typeof options !== 'object' || options === null) throw new InvalidInputError('options must be an object');
  return options;
}

/** The parts, one after the other, in a fresh array. */
export function concatBytes(...parts: Uint8Array[]): Uint8Array {
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

/** Whether two arrays hold the same bytes. For public values only: the time depends on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Whether two arrays hold the same bytes, in a time that depends on their lengths alone: for a MAC that whoever sent it
 * must not be able to guess byte by byte.
 */
export function equalSecretBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** Orders two arrays bytewise, a prefix before what it begins. For `sort`; public values only. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** An integer from 0 to 2^53 - 1 in eight bytes, most significant first. */
export function u64be(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
