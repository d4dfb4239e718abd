/**
 * How often somebody may do something: a token bucket each, in bounded number.
 *
 * @module
 */
import { MAX_RATES } from './limits.js';

/** A steady rate, and how much may be saved up. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

/** Token buckets by key. The ones not used for longest are forgotten first; by then they are full again. */
export class TokenBuckets {
  readonly #rate: Rate;
  /** Milliseconds, never going back. */
  readonly #clock: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, clock: () => number) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Takes a token, if there is one. */
  take(key: string): boolean {
    const bucket = this.#filled(key);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    this.#remember(key, bucket);
    return allowed;
  }

  /** Whether there is a token, without taking it. */
  has(key: string): boolean {
    return this.#filled(key).tokens >= 1;
  }

  #filled(key: string): Bucket {
    const { perSecond, burst } = this.#rate;
    const at = this.#clock();
    const before = this.#buckets.get(key);
    if (before === undefined) return { tokens: burst, at };
    return { tokens: Math.min(burst, before.tokens + ((at - before.at) * perSecond) / 1_000), at };
  }

  #remember(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_RATES) break;
      this.#buckets.delete(oldest);
    }
  }
}
