/**
 * A look at raw bytes before anything is decoded or allocated: whether they are the canonical encoding of one item of
 * the CBOR profile (RFC 8949 §4.2.1 restricted to unsigned integers, byte strings, text, arrays, booleans and null), not
 * nested too deep, not of too many parts, and complete. It goes through the bytes once, without recursion.
 *
 * What passes is canonical by construction: every head is in its shortest form, no excluded item occurs, and text is
 * valid UTF-8 of the profile's text. So `encode(decode(bytes))` gives the same bytes again, as the tests check; doing
 * so for every input would more than double the time that decoding takes.
 *
 * @module
 */
import { CodecError } from '../errors.js';
import { textFault } from './text.js';

/** How deep arrays may nest. An item outside any array has depth 0. */
export const MAX_DEPTH = 8;

/**
 * How many items an encoding may have, arrays and their elements counted alike. A decoded item takes some 50 times the one
 * byte that an empty array does, so that a bound on bytes alone would let small messages take gigabytes. The richest honest
 * encoding, the envelope of a roster of 65,535 members, has 262,141 items.
 */
export const MAX_ITEMS = 524_288;

/** The major types of the profile (RFC 8949 §3.1), byte strings (2) aside. */
const UNSIGNED = 0;
const TEXT_STRING = 3;
const ARRAY = 4;

/** What the other major types stand for. */
const EXCLUDED: Readonly<Record<number, string>> = {
  1: 'a negative integer',
  5: 'a map',
  6: 'a tag',
  7: 'a float or a simple value other than false, true and null',
};

const FALSE = 0xf4;
const NULL = 0xf6;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** Steps over the next item, or into it if it is an array: then the number of its elements is returned, else -1. */
  step(): number {
    const start = this.#at;
    const head = this.#bytes[start];
    if (head === undefined) throw this.#refusal(start, 'the end where an item should start');
    this.#at++;
    if (head >= FALSE && head <= NULL) return -1;
    const major = head >> 5;
    const excluded = EXCLUDED[major];
    if (excluded !== undefined) throw this.#refusal(start, excluded);
    const argument = this.#argument(start, head & 31);
    if (major === UNSIGNED) return -1;
    // Every element takes a byte or more, so that no count above what is left can be honest.
    if (argument > this.#bytes.length - this.#at) throw this.#refusal(start, 'a length beyond the end');
    if (major === ARRAY) return argument;
    this.#at += argument;
    if (major === TEXT_STRING) this.#requireText(start, this.#bytes.subarray(this.#at - argument, this.#at));
    return -1;
  }

  #requireText(start: number, encoded: Uint8Array): void {
    if (encoded.every((byte) => byte < 0x80)) return;
    let text: string;
    try {
      text = UTF8.decode(encoded);
    } catch {
      throw this.#refusal(start, 'text that is not valid UTF-8');
    }
    const fault = textFault(text);
    if (fault !== null) throw this.#refusal(start, fault);
  }

  /** The number in or after a head, which must be there in its shortest form. */
  #argument(start: number, info: number): number {
    if (info < 24) return info;
    if (info > 27) throw this.#refusal(start, info === 31 ? 'an indefinite length' : 'a reserved head');
    const width = 1 << (info - 24);
    const end = this.#at + width;
    if (end > this.#bytes.length) throw this.#refusal(start, 'a head that is cut off');
    let argument = 0;
    while (this.#at < end) argument = argument * 256 + (this.#bytes[this.#at++] as number);
    if (argument > Number.MAX_SAFE_INTEGER) throw this.#refusal(start, 'a number of 2^53 or more');
    const narrowest = width === 1 ? 24 : 2 ** (4 * width);
    if (argument < narrowest) throw this.#refusal(start, 'a number in more bytes than it needs');
    return argument;
  }

  tooMany(): CodecError {
    return this.#refusal(this.#at, `more than ${MAX_ITEMS} items`);
  }

  requireEnd(): void {
    if (this.#at !== this.#bytes.length) throw this.#refusal(this.#at, 'more than one item');
  }

  tooDeep(): CodecError {
    return this.#refusal(this.#at, `arrays nested more than ${MAX_DEPTH} deep`);
  }

  #refusal(offset: number, found: string): CodecError {
    return new CodecError(`${this.#what} is not canonical CBOR: ${found} at byte ${offset}`);
  }
}

/**
 * Checks that the bytes are the canonical encoding of exactly one item of the profile.
 *
 * @param what names the bytes in the error's message
 * @throws CodecError saying what was found, and at which byte
 */
export function scanCbor(bytes: Uint8Array, what: string): void {
  const scanner = new Scanner(bytes, what);
  /** How many elements are still to come in each open array, the innermost last; the item itself in front. */
  const pending = [1];
  let items = 0;
  while (pending.length > 0) {
    const left = pending.pop() as number;
    if (left === 0) continue;
    pending.push(left - 1);
    if (++items > MAX_ITEMS) throw scanner.tooMany();
    const elements = scanner.step();
    if (elements < 0) continue;
    if (pending.length > MAX_DEPTH) throw scanner.tooDeep();
    pending.push(elements);
  }
  scanner.requireEnd();
}
