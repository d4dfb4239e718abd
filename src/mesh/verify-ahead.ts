/**
 * Verifying the signatures of many events together, ahead of taking them in one by one: that costs a fraction of verifying
 * each alone. Nothing is decided here. A signature that is found good is not verified again when its event's turn comes,
 * and everything else goes its usual way, so that results are the same as one by one.
 *
 * @module
 */
import { type Frame, type FrameToVerify, type FrameVerifier, VerifiedFrames, verifyFrame } from '../codec/frame.js';
import { MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { OpenedBundles } from './bundle.js';
import { byteKey } from './byte-key.js';
import { decodeEvent, EVENT } from './event.js';
import { embeddedFrame } from './join-request.js';
import { findInstance } from './roster-store.js';

/** Fewer events than this are not worth a second look at each. */
const WORTHWHILE = 4;

/** Events are verified as their signers become known: as often as there are admins who were added by those before them. */
const MAX_ROUNDS = 8;

/** What `read` gives, or null where the bytes are not of that shape. */
function ifWellFormed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MeshError) return null;
    throw error;
  }
}

function frameOfEvent(bundles: OpenedBundles, bytes: Uint8Array): Frame | null {
  const opened = ifWellFormed(() => bundles.open(bytes));
  return opened?.frame.type === EVENT ? opened.frame : null;
}

/** A join request, signed by the joiner, and the event that adds it. */
interface EmbeddedRequest extends FrameToVerify {
  readonly add: Frame;
}

/** The well-formed join requests in these events, whose signatures are good. */
export function embeddedRequests(events: readonly { readonly frame: Frame }[]): EmbeddedRequest[] {
  return events.flatMap(({ frame: add }) => {
    const frame = ifWellFormed(() => {
      if (add.type !== EVENT) return null;
      const { change } = decodeEvent(add).event;
      return change.kind === 'add' ? embeddedFrame(change.request) : null;
    });
    return frame === null ? [] : [{ add, frame, publicKey: frame.signer }];
  });
}

/** Signing keys by member instance: those in the database, and those that verified events add. */
class SigningKeys {
  readonly #db: MeshDatabase;
  readonly #known = new Map<string, Uint8Array | null>();

  constructor(db: MeshDatabase) {
    this.#db = db;
  }

  find(mid: Uint8Array): Uint8Array | null {
    const key = byteKey(mid);
    let found = this.#known.get(key);
    if (found === undefined) {
      found = findInstance(this.#db, mid)?.signPub ?? null;
      this.#known.set(key, found);
    }
    return found;
  }

  learn(mid: Uint8Array, signPub: Uint8Array): void {
    this.#known.set(byteKey(mid), signPub);
  }
}

/**
 * Verifies what can be verified of these bundles before any of them is taken in: an event whose signer is in the database or
 * was added by a verified one of them, and the join request in a verified add. No payload is decoded before its signature
 * is verified.
 *
 * @param opened keeps the bundles that it opens
 * @returns a verifier to take them in with
 */
export function verifyAhead(
  db: MeshDatabase,
  bundles: readonly Uint8Array[],
  opened = new OpenedBundles(),
): FrameVerifier {
  if (bundles.length < WORTHWHILE) return verifyFrame;
  const verified = new VerifiedFrames();
  const keys = new SigningKeys(db);
  let waiting = bundles.flatMap((bundle) => frameOfEvent(opened, bundle) ?? []);
  for (let round = 0; round < MAX_ROUNDS && waiting.length > 0; round++) {
    const ready = waiting.flatMap((frame) => {
      const publicKey = keys.find(frame.signer);
      return publicKey === null ? [] : [{ frame, publicKey }];
    });
    if (ready.length === 0) break;
    const isReady = new Set(ready.map(({ frame }) => frame));
    waiting = waiting.filter((frame) => !isReady.has(frame));
    const requests = verified.add(embeddedRequests(verified.add(ready)));
    for (const { add, publicKey } of requests) keys.learn(add.id, publicKey);
  }
  return verified.verify;
}
