/**
 * Writing the CBOR profile: how many bytes a value takes, and those bytes, in one array of that size. Every head in its
 * shortest form, which is all that the core deterministic encoding asks of the profile (RFC 8949 §4.2.1).
 *
 * @module
 */
import type { CborValue } from './cbor.js';

/** Major types (RFC 8949 §3.1), in place in a head. */
const UNSIGNED = 0 << 5;
const BYTE_STRING = 2 << 5;
const TEXT_STRING = 3 << 5;
const ARRAY = 4 << 5;

const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

const ENCODER = new TextEncoder();

/** The bytes of a head with this argument. */
function headSize(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x10000) return 3;
  return argument < 0x1_0000_0000 ? 5 : 9;
}

/** A value with its text encoded, since only that tells how long it is. */
type Measured = number | boolean | null | Uint8Array | EncodedText | readonly Measured[];

class EncodedText {
  readonly bytes: Uint8Array;

  constructor(text: string) {
    this.bytes = encodeText(text);
  }
}

/** Text as UTF-8. Names and types are short and ASCII: the platform's encoder takes a microsecond for each. */
function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return ENCODER.encode(text);
    bytes[i] = unit;
  }
  return bytes;
}

class Writer {
  #size = 0;
  #at = 0;
  #bytes = new Uint8Array(0);

  write(value: CborValue): Uint8Array {
    const measured = this.#measure(value);
    this.#bytes = new Uint8Array(this.#size);
    this.#put(measured);
    return this.#bytes;
  }

  #measure(value: CborValue): Measured {
    if (value instanceof Uint8Array) this.#size += headSize(value.length) + value.length;
    else if (typeof value === 'number') this.#size += headSize(value);
    else if (typeof value === 'string') {
      const text = new EncodedText(value);
      this.#size += headSize(text.bytes.length) + text.bytes.length;
      return text;
    } else if (value === null || typeof value === 'boolean') this.#size += 1;
    else {
      this.#size += headSize(value.length);
      return value.map((element) => this.#measure(element));
    }
    return value;
  }

  #put(value: Measured): void {
    if (value instanceof Uint8Array) this.#putString(BYTE_STRING, value);
    else if (value instanceof EncodedText) this.#putString(TEXT_STRING, value.bytes);
    else if (typeof value === 'number') this.#putHead(UNSIGNED, value);
    else if (value === null) this.#bytes[this.#at++] = NULL;
    else if (typeof value === 'boolean') this.#bytes[this.#at++] = value ? TRUE : FALSE;
    else {
      this.#putHead(ARRAY, value.length);
      for (const element of value) this.#put(element);
    }
  }

  #putString(major: number, content: Uint8Array): void {
    this.#putHead(major, content.length);
    this.#bytes.set(content, this.#at);
    this.#at += content.length;
  }

  #putHead(major: number, argument: number): void {
    const size = headSize(argument);
    if (size === 1) {
      this.#bytes[this.#at++] = major | argument;
      return;
    }
    const width = size - 1;
    this.#bytes[this.#at++] = major | (24 + Math.log2(width));
    let rest = argument;
    for (let i = width - 1; i >= 0; i--) {
      this.#bytes[this.#at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#at += width;
  }
}

/**
 * The encoding of a value that is of the profile, as was checked, in memory of its own.
 *
 * @param value nested at most eight deep
 */
export function writeCbor(value: CborValue): Uint8Array {
  return new Writer().write(value);
}
