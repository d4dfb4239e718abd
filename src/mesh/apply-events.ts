/**
 * Events from other peers: any set of bundles, in any order, with duplicates and gaps.
 *
 * @module
 */
import { isBytes } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { OpenedBundles } from './bundle.js';
import { byteKey } from './byte-key.js';
import { requireEnabled } from './enabled.js';
import { type EventResult, type Receiver, takeBundle } from './event-intake.js';
import { type EventNode, findHead } from './event-store.js';
import { requireGroup } from './group.js';
import { chooseHeadAgain, placeEvent, reorganizedEpochs } from './head.js';
import { adoptOrphans, boundOrphans, hasOrphans } from './orphans.js';
import { verifyAhead } from './verify-ahead.js';

/** What {@link applyEvents} did. */
export interface AppliedEvents {
  /** What became of each bundle, in the order given. */
  readonly results: readonly EventResult[];
  /** What became of events that had waited since an earlier call, and wait no longer. */
  readonly adopted: readonly EventResult[];
  /** 32 bytes: the head's event id. */
  readonly headBefore: Uint8Array;
  readonly headAfter: Uint8Array;
  /** The epochs of the former head path that another branch took, ascending; empty if the head only moved on. */
  readonly reorganized: readonly number[];
}

/** Takes bundles into the tree, with the orphans that each one sets free, and moves the head once at the end. */
export class EventIntake {
  readonly #db: MeshDatabase;
  readonly #receiver: Receiver;
  readonly #results: EventResult[] = [];
  readonly #adopted: EventResult[] = [];
  /** By orphan: where the results of one stand that waits since this call, more than one if it came again. */
  readonly #waiting = new Map<string, number[]>();
  #headIsStale = false;
  /** Whether any event waits, since now or earlier. */
  #anyWaits: boolean;

  constructor(db: MeshDatabase, receiver: Receiver) {
    this.#db = db;
    this.#receiver = receiver;
    this.#anyWaits = hasOrphans(db);
  }

  /** Takes in one bundle. */
  take(bundle: Uint8Array): EventResult {
    const { result, orphanId, stored } = takeBundle(this.#db, this.#receiver, bundle);
    this.#results.push(result);
    if (orphanId !== null) this.#await(orphanId, [this.#results.length - 1]);
    if (stored !== null) this.#follow(stored);
    return result;
  }

  /** Moves the head after an event was stored, and takes in what waited for it, and for that, and so on. */
  #follow(event: EventNode): void {
    const free = [event];
    for (let next = free.shift(); next !== undefined; next = free.shift()) {
      this.#headIsStale = this.#headIsStale || !placeEvent(this.#db, next);
      for (const { orphanId, bundle } of this.#anyWaits ? adoptOrphans(this.#db, next.id) : []) {
        const { result, orphanId: waitsAs, stored } = takeBundle(this.#db, this.#receiver, bundle);
        this.#settle(orphanId, result, waitsAs);
        if (stored !== null) free.push(stored);
      }
    }
  }

  #await(orphanId: Uint8Array, places: readonly number[]): void {
    this.#anyWaits = true;
    const key = byteKey(orphanId);
    this.#waiting.set(
      key,
      [...(this.#waiting.get(key) ?? []), ...places].sort((a, b) => a - b),
    );
  }

  /** Reports on an event that waited, unless it goes on waiting for another one, then perhaps under another id. */
  #settle(orphanId: Uint8Array, result: EventResult, waitsAs: Uint8Array | null): void {
    const places = this.#waiting.get(byteKey(orphanId)) ?? [];
    this.#waiting.delete(byteKey(orphanId));
    if (waitsAs !== null) {
      this.#await(waitsAs, places);
      return;
    }
    const { eventId, outcome } = result;
    const [first, ...again] = places;
    if (first === undefined) this.#adopted.push(result);
    else this.#results[first] = result;
    for (const place of again)
      this.#results[place] = outcome === 'applied' ? { eventId, outcome: 'duplicate' } : result;
  }

  /** Applies the rule to all events where moving on was not enough, bounds those that wait, and tells what was done. */
  finish(): Pick<AppliedEvents, 'results' | 'adopted'> {
    if (this.#headIsStale) chooseHeadAgain(this.#db);
    if (this.#waiting.size > 0) boundOrphans(this.#db);
    return { results: this.#results, adopted: this.#adopted };
  }
}

/**
 * Takes in events from other peers, in any order; those that come too early wait (1,000 of one actor, 10,000 in all,
 * the oldest are dropped first). Head, roster and secret are a function of the set of valid events alone. One
 * transaction.
 *
 * @param bundles as `eventsSince`, `addMember`, `kickMember` or `rotateEpoch` gave them
 * @throws MeshDisabledError until the mesh is enabled
 * @throws InvalidInputError if `bundles` is not an array of `Uint8Array`; what they hold is never an error, but a
 *   result
 * @throws MeshError `no-group`
 */
export function applyEvents(db: MeshDatabase, bundles: readonly Uint8Array[]): AppliedEvents {
  requireEnabled(db);
  if (!Array.isArray(bundles) || !bundles.every(isBytes)) {
    throw new InvalidInputError('bundles must be an array of Uint8Array');
  }
  const { id: groupId, identity, head } = requireGroup(db);
  return db.transaction(() => {
    const opened = new OpenedBundles();
    const receiver = { groupId, identity, bundles: opened, verify: verifyAhead(db, bundles, opened) };
    const intake = new EventIntake(db, receiver);
    for (const bundle of bundles) intake.take(bundle);
    const done = intake.finish();
    return {
      ...done,
      headBefore: head.id,
      headAfter: (findHead(db) as EventNode).id,
      reorganized: reorganizedEpochs(db, head.id),
    };
  });
}
