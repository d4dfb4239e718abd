/**
 * Numbers, texts and byte strings one after the other, for the journal's statements: lengths and counts as 32 bits, most
 * significant byte first.
 *
 * @module
 */
import { utf8 } from '../../bytes.js';
import { CodecError } from '../../errors.js';

const FIRST_CAPACITY = 1_024;

/** Collects bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Makes room and returns where it begins. */
  #reserve(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#view.setUint8(at, value);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value);
  }

  /** Bytes after their length. */
  bytes(value: Uint8Array): void {
    this.u32(value.length);
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
  }

  /** UTF-8 after its length in bytes. */
  text(value: string): void {
    this.bytes(utf8(value));
  }

  /** What was written; a copy. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what {@link ByteWriter} wrote. @throws CodecError where the bytes end too early, or a text is no UTF-8 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  #skip(count: number): number {
    const start = this.#position;
    if (count > this.#bytes.length - start) throw new CodecError('a journal entry ends too early');
    this.#position += count;
    return start;
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4));
  }

  f64(): number {
    return this.#view.getFloat64(this.#skip(8));
  }

  /** A view, no copy. */
  bytes(): Uint8Array {
    const length = this.u32();
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new CodecError('a text in a journal entry is no UTF-8', { cause });
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
