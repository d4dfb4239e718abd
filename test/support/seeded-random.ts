/**
 * A seeded generator for test inputs (sfc32 by Chris Doty-Humphrey): the same seed gives the same inputs on every run, so that a failure
 * can be repeated. Not for secrets.
 *
 * @module
 */

/** Deterministic pseudo-random bytes, integers and choices. */
export class SeededRandom {
  readonly #state: Uint32Array;

  /** @param seed any number; it is mixed before use */
  constructor(seed: number) {
    this.#state = Uint32Array.of(0x9e3779b9, 0x243f6a88, seed, 1);
    for (let i = 0; i < 15; i++) this.uint32();
  }

  /** An integer from 0 to 2^32 − 1. */
  uint32(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const sum = (a + b + counter) >>> 0;
    this.#state[0] = b ^ (b >>> 9);
    this.#state[1] = c + (c << 3);
    this.#state[2] = ((c << 21) | (c >>> 11)) + sum;
    this.#state[3] = counter + 1;
    return sum;
  }

  /** An integer from 0 to `bound` − 1. */
  below(bound: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * bound);
  }

  /** `length` bytes. */
  bytes(length: number): Uint8Array {
    const words = new Uint32Array((length + 3) >>> 2);
    for (let i = 0; i < words.length; i++) words[i] = this.uint32();
    return new Uint8Array(words.buffer, 0, length);
  }

  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item {
    const index = this.below(items.length);
    if (index >= items.length) throw new Error('nothing to pick from');
    return items[index] as Item;
  }
}
