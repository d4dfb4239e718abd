/**
 * The requests of the last minute, so that none counts twice. A request is forgotten when it has expired, since then it
 * is refused for that.
 *
 * @module
 */
import { byteKey } from '../../mesh/byte-key.js';
import { MAX_NONCES_OF_MEMBER } from '../limits.js';

/** Whether a request is new, came before, or cannot be remembered any more. */
export type NonceVerdict = 'new' | 'repeated' | 'full';

/** Nonces by their signer, each with the second in which its request expires. Bounded, of each signer and in all. */
export class NoncePool {
  readonly #most: number;
  readonly #signers = new Map<string, Map<string, number>>();
  #size = 0;
  #sweptAt = 0;

  /** @param most nonces in all */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Notes a request whose signature was verified.
   *
   * @param expires seconds since the Unix epoch, as is `now`
   */
  note(signer: Uint8Array, nonce: Uint8Array, expires: number, now: number): NonceVerdict {
    if (now !== this.#sweptAt) this.#sweep(now);
    const key = byteKey(signer);
    const nonces = this.#signers.get(key) ?? new Map<string, number>();
    const nonceKey = byteKey(nonce);
    if (nonces.has(nonceKey)) return 'repeated';
    if (nonces.size >= MAX_NONCES_OF_MEMBER || this.#size >= this.#most) return 'full';
    nonces.set(nonceKey, expires);
    this.#signers.set(key, nonces);
    this.#size++;
    return 'new';
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [signer, nonces] of this.#signers) {
      for (const [nonce, expires] of nonces) {
        if (expires >= now) continue;
        nonces.delete(nonce);
        this.#size--;
      }
      if (nonces.size === 0) this.#signers.delete(signer);
    }
  }
}
