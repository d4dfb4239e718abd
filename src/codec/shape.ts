/**
 * Exact shapes: each format of the protocol is a table of named items, and one table both checks what was received and
 * orders what is sent. Items are positional in CBOR; the names are for the code and for error messages.
 *
 * ```ts
 * const FAULT = items({ groupId: bytesOf(32), eventId: bytesOf(32), reason: textOf({ max: 200 }) });
 * const { eventId, reason } = decodeShape(FAULT, bytes, { maxBytes: 1024, what: 'fault payload' });
 * ```
 *
 * @module
 */
import { isBytes } from '../bytes.js';
import { CodecError } from '../errors.js';
import { type CborValue, decodeCbor, encodeCbor } from './cbor.js';

/** How one item must look, and the type that it has once it was checked. */
export interface Shape<T> {
  /**
   * Checks a decoded value.
   *
   * @param where names the value in the error's message
   * @throws CodecError saying what was expected
   */
  read(value: CborValue, where: string): T;
  /** The same value as CBOR has it. */
  write(value: T): CborValue;
}

/** The type of what a shape reads. */
export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

/** A shape whose values look the same in the program and in CBOR. `matches` must imply the type `T`. */
function plain<T extends CborValue>(expected: string, matches: (value: CborValue) => boolean): Shape<T> {
  return {
    read(value, where) {
      if (!matches(value)) throw new CodecError(`${where} must be ${expected}`);
      return value as T;
    },
    write: (value) => value,
  };
}

/** A byte string of exactly `length` bytes. */
export function bytesOf(length: number): Shape<Uint8Array> {
  return plain(`a byte string of ${length} bytes`, (value) => isBytes(value) && value.length === length);
}

/** A byte string of at most `max` bytes. */
export function bytesUpTo(max: number): Shape<Uint8Array> {
  return plain(`a byte string of at most ${max} bytes`, (value) => isBytes(value) && value.length <= max);
}

/** Text of `min` (0 where absent) to `max` UTF-16 code units. */
export function textOf({ min = 0, max }: { readonly min?: number; readonly max: number }): Shape<string> {
  return plain(
    `text of ${min} to ${max} characters`,
    (value) => typeof value === 'string' && value.length >= min && value.length <= max,
  );
}

/** Text that matches a pattern; `expected` says so in words. */
export function textLike(pattern: RegExp, expected: string): Shape<string> {
  return plain(expected, (value) => typeof value === 'string' && pattern.test(value));
}

/** An unsigned integer of at most `max` (2^53 - 1 where absent). */
export function uint(max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return plain(`an integer from 0 to ${max}`, (value) => typeof value === 'number' && value <= max);
}

/** One of a few texts or integers. */
export function oneOf<const T extends string | number>(...allowed: readonly T[]): Shape<T> {
  return plain(`one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`, (value) =>
    (allowed as readonly CborValue[]).includes(value),
  );
}

/** Null, or what the shape says. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    read: (value, where) => (value === null ? null : shape.read(value, where)),
    write: (value) => (value === null ? null : shape.write(value)),
  };
}

/** An array of at most `max` elements of one shape. */
export function arrayOf<T>(shape: Shape<T>, { max }: { readonly max: number }): Shape<readonly T[]> {
  return {
    read(value, where) {
      if (!Array.isArray(value) || value.length > max) {
        throw new CodecError(`${where} must be an array of at most ${max} elements`);
      }
      return value.map((element: CborValue, index) => shape.read(element, `${where}, element ${index + 1}`));
    },
    write: (value) => value.map((element) => shape.write(element)),
  };
}

/** Any value of the profile: for an item whose shape depends on another one. */
export const anything: Shape<CborValue> = plain('any value', () => true);

/** The object that {@link items} reads. */
export type ItemsOf<F> = { readonly [Name in keyof F]: ShapeOf<F[Name]> };

/** An array with exactly these items, in this order; read as an object with their names. */
export function items<F extends { readonly [name: string]: Shape<unknown> }>(fields: F): Shape<ItemsOf<F>> {
  const table = Object.entries(fields).map(([name, shape], index) => ({
    name,
    shape,
    place: `, item ${index + 1} (${name})`,
  }));
  return {
    read(value, where) {
      if (!Array.isArray(value) || value.length !== table.length) {
        throw new CodecError(`${where} must be an array of ${table.length} items`);
      }
      const read: Record<string, unknown> = {};
      let index = 0;
      for (const { name, shape, place } of table) read[name] = shape.read(value[index++] as CborValue, where + place);
      return read as ItemsOf<F>;
    },
    write: (value) => table.map(({ name, shape }) => shape.write(value[name])),
  };
}

/**
 * Decodes bytes that must have the shape.
 *
 * @throws CodecError naming the first item that is not as expected
 */
export function decodeShape<T>(
  shape: Shape<T>,
  bytes: Uint8Array,
  { maxBytes, what }: { readonly maxBytes: number; readonly what: string },
): T {
  return shape.read(decodeCbor(bytes, { maxBytes, what }), what);
}

/** Encodes a value in the shape's order. The value's own limits are checked as when reading. */
export function encodeShape<T>(shape: Shape<T>, value: T, what: string): Uint8Array {
  const written = shape.write(value);
  shape.read(written, what);
  return encodeCbor(written);
}
