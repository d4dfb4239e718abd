/**
 * Bytes that are collected piece by piece, in one array that grows.
 *
 * @module
 */
const FIRST_CAPACITY = 4_096;

/** Bytes, one piece after the other. */
export class GrowingBytes {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  /** Adds a copy of the bytes. */
  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** All of them, in a fresh array. */
  joined(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
