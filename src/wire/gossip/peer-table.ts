/**
 * The peers that gossip goes to: those the user named, and those that said where they are; and how it went with each.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { endpoints } from '../../mesh/endpoint.js';
import { requireMembership } from '../../mesh/group.js';
import { namedPeers } from '../../mesh/named-peers.js';
import type { MeshDatabase } from '../../store/database.js';
import { jittered, randomSome } from '../client/pause.js';
import type { PeerAddress } from '../client/peer-address.js';
import { FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS } from './pace.js';

/** A peer that may be called. */
export interface GossipPeer extends PeerAddress {
  /** Whether it was named by the user, and not by a member's record. */
  readonly named: boolean;
}

interface Failures {
  readonly count: number;
  /** Milliseconds of the clock. */
  readonly until: number;
}

/** Chooses peers at random, but leaves those alone that failed not long ago. */
export class PeerTable {
  readonly #db: MeshDatabase;
  readonly #given: readonly PeerAddress[];
  readonly #clock: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(db: MeshDatabase, given: readonly PeerAddress[], clock: () => number) {
    this.#db = db;
    this.#given = given;
    this.#clock = clock;
  }

  /** All peers, each URL once; what the user said of one comes before what its record says. */
  all(): GossipPeer[] {
    const { self } = requireMembership(this.#db);
    const learned = endpoints(this.#db);
    const own = learned.find(({ mid }) => equalBytes(mid, self.mid))?.url;
    const peers = new Map<string, GossipPeer>();
    for (const { url, certPin, mid } of learned) peers.set(url, { url, certPin, mid, named: false });
    for (const peer of [...namedPeers(this.#db), ...this.#given]) peers.set(peer.url, { ...peer, named: true });
    if (own !== undefined) peers.delete(own);
    return [...peers.values()];
  }

  /** Some peers at random that may be called now, and are not called already. */
  choose(count: number, isBusy: (url: string) => boolean = () => false): GossipPeer[] {
    const now = this.#clock();
    const ready = this.all().filter(({ url }) => (this.#failures.get(url)?.until ?? 0) <= now && !isBusy(url));
    return randomSome(ready, count);
  }

  succeeded({ url }: GossipPeer): void {
    this.#failures.delete(url);
  }

  /** Leaves a peer alone for a while, longer each time. Its memory ends with the peer. */
  failed({ url }: GossipPeer): void {
    const count = (this.#failures.get(url)?.count ?? 0) + 1;
    const wait = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (count - 1));
    this.#failures.set(url, { count, until: this.#clock() + jittered(wait) });
    const known = new Set(this.all().map((peer) => peer.url));
    for (const other of this.#failures.keys()) if (!known.has(other)) this.#failures.delete(other);
  }
}
