/**
 * A network that loses, repeats and reorders: what is sent stays in flight until it is delivered or lost, and whoever is on
 * another island gets nothing.
 *
 * @module
 */
import type { Peer } from './peer.js';

/** A bundle on its way. */
export interface Flight {
  readonly to: Peer;
  readonly bundle: Uint8Array;
}

/** All that is on its way. */
export class Network {
  readonly #flights: Flight[] = [];

  get size(): number {
    return this.#flights.length;
  }

  /** Sends a bundle to each of the peers that can be reached. */
  send(bundle: Uint8Array, from: Peer, to: readonly Peer[]): void {
    for (const peer of to) {
      if (peer !== from && peer.island === from.island) this.#flights.push({ to: peer, bundle });
    }
  }

  /** Takes one out, of any age: the `index`-th, counted round. */
  take(index: number): Flight | null {
    const [flight] = this.#flights.splice(index % Math.max(1, this.#flights.length), 1);
    return flight ?? null;
  }

  /** Sends the same once more. */
  repeat(flight: Flight): void {
    this.#flights.push(flight);
  }
}
