/**
 * The leaf hashes of a document that is being read: one array that grows.
 *
 * @module
 */
const HASH_LENGTH = 32;
const FIRST_CAPACITY = 64;

/** Leaf hashes in order. */
export class LeafList {
  #hashes = new Uint8Array(FIRST_CAPACITY * HASH_LENGTH);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a hash of 32 bytes, which is copied. */
  push(leaf: Uint8Array): void {
    const start = this.#count * HASH_LENGTH;
    if (start === this.#hashes.length) {
      const larger = new Uint8Array(2 * start);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes.set(leaf, start);
    this.#count++;
  }

  /** All of them, one after the other, in a fresh array. */
  joined(): Uint8Array {
    return this.#hashes.slice(0, this.#count * HASH_LENGTH);
  }
}
