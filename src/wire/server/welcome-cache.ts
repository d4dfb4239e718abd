/**
 * The welcomes told last, so that their pages are not made one by one, nor anew for everyone who asks in turn.
 *
 * @module
 */
import { byteKey } from '../../mesh/byte-key.js';
import { MAX_KEPT_WELCOME_BYTES, MAX_KEPT_WELCOMES, WELCOME_KEPT_MS } from '../limits.js';

interface Kept {
  readonly welcome: Uint8Array;
  /** Milliseconds of the clock. */
  readonly until: number;
}

/** Welcomes by the `mid` of whom they are for: few, of bounded length together, and each for some minutes. */
export class WelcomeCache {
  readonly #clock: () => number;
  readonly #kept = new Map<string, Kept>();

  /** @param clock milliseconds, never going back */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The welcome that was made for a member not long ago, or a new one. */
  get(mid: Uint8Array, make: () => Uint8Array): Uint8Array {
    const now = this.#clock();
    for (const [key, { until }] of this.#kept) if (until <= now) this.#kept.delete(key);
    const key = byteKey(mid);
    const known = this.#kept.get(key);
    if (known !== undefined) return known.welcome;
    const welcome = make();
    this.#kept.set(key, { welcome, until: now + WELCOME_KEPT_MS });
    this.#dropOldest();
    return welcome;
  }

  /** The newest one stays, however long it is. */
  #dropOldest(): void {
    let bytes = 0;
    for (const { welcome } of this.#kept.values()) bytes += welcome.length;
    for (const [key, { welcome }] of this.#kept) {
      const isTooMuch = this.#kept.size > MAX_KEPT_WELCOMES || bytes > MAX_KEPT_WELCOME_BYTES;
      if (!isTooMuch || this.#kept.size === 1) return;
      this.#kept.delete(key);
      bytes -= welcome.length;
    }
  }
}
