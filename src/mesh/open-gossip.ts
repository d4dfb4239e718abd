/**
 * Opening gossip: who may have said this, in which epoch, at which place of their stream; and what they said.
 *
 * @module
 */
import { equalBytes, isBytes, requireBytes } from '../bytes.js';
import { type Frame, parseFrame, verifyFrame, verifyFrames } from '../codec/frame.js';
import { AuthenticationError, CodecError, InvalidInputError, MeshError, NotAMemberError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { requireEnabled } from './enabled.js';
import { loadSecret } from './envelope-store.js';
import type { CutEntry } from './event.js';
import { findKickOf, requireEvent, storedEvent } from './event-store.js';
import { decodeGossip, GOSSIP, GOSSIP_ITEMS, type GossipPayload, gossipKey, unsealGossip } from './gossip-message.js';
import { findNeighbours, insertMessage, keepConflict, type StoredNeighbours, streamFloor } from './gossip-store.js';
import { type Group, requireGroup } from './group.js';
import { isOfGroup } from './group-prefix.js';
import { MAX_GOSSIP_BYTES } from './limits.js';
import type { MeshRosterEntry } from './roster.js';
import { findInstance, isMemberAt } from './roster-store.js';

/** An opened message. */
export interface OpenedGossip {
  /** 32 bytes. */
  readonly msgId: Uint8Array;
  /** The sender's name. */
  readonly sender: string;
  /** 32 bytes: the sender's member instance id. */
  readonly mid: Uint8Array;
  /** The epoch that it was sealed in. */
  readonly epoch: number;
  /** 32 bytes: the event that began the epoch. */
  readonly eventId: Uint8Array;
  /** 16 bytes. */
  readonly streamId: Uint8Array;
  /** Its place in the stream, from 0. */
  readonly seq: number;
  readonly payload: Uint8Array;
  /** Whether this database had it already, as its receiver or its sender. */
  readonly duplicate: boolean;
}

/** What became of one message of a batch. */
export type GossipResult =
  | { readonly message: OpenedGossip; readonly error: null }
  | { readonly message: null; readonly error: MeshError };

/** What is the same for all messages of one sender in one epoch. */
interface SenderInEpoch {
  readonly epoch: number;
  readonly key: Uint8Array;
}

/** Opens messages against one state of the group; remembers what several messages have in common. */
class GossipOpener {
  readonly #db: MeshDatabase;
  readonly #group: Group;
  readonly #senders = new Map<string, MeshRosterEntry>();
  readonly #inEpoch = new Map<string, SenderInEpoch>();
  /** The cut of each kicked sender; null for those that are members. */
  readonly #cuts = new Map<string, readonly CutEntry[] | null>();
  /** Where each stream begins after pruning, which no message changes. */
  readonly #floors = new Map<string, number>();

  constructor(db: MeshDatabase, group: Group) {
    this.#db = db;
    this.#group = group;
  }

  /** Takes a message apart and finds its signer, before anything is believed. */
  parse(message: Uint8Array): { readonly frame: Frame; readonly sender: MeshRosterEntry } {
    const frame = parseFrame(message, { maxBytes: MAX_GOSSIP_BYTES });
    if (frame.type !== GOSSIP) throw new CodecError(`message must be a frame of type ${GOSSIP}`);
    if (!isOfGroup(frame.payload, GOSSIP_ITEMS, this.#group.id)) {
      throw new MeshError('wrong-group', 'the message is not one of this group');
    }
    return { frame, sender: this.#sender(frame.signer) };
  }

  #sender(mid: Uint8Array): MeshRosterEntry {
    const key = byteKey(mid);
    const sender = this.#senders.get(key) ?? findInstance(this.#db, mid);
    if (sender === null)
      throw new NotAMemberError('the sender is not known here; apply the events that added it first');
    this.#senders.set(key, sender);
    return sender;
  }

  /**
   * Checks a message whose signature was verified, opens it and stores it. Nothing is written before it is opened, but for
   * the proof of a conflict. A refusal is a result and not thrown: there is nothing to undo, but undoing would begin
   * another stream of this peer and lose the proof.
   */
  accept(frame: Frame, sender: MeshRosterEntry): GossipResult {
    try {
      return this.#open(frame, sender);
    } catch (error) {
      return asError(error);
    }
  }

  #open(frame: Frame, sender: MeshRosterEntry): GossipResult {
    const payload = decodeGossip(frame);
    const { epoch, key } = this.#senderInEpoch(payload.eventId, sender);
    this.#requireWithinCut(sender, payload, frame.id);
    const stored = findNeighbours(this.#db, sender.mid, payload.streamId, payload.seq);
    // A message's id covers its sender and position, so it is stored there or nowhere.
    const duplicate = stored.at !== null && equalBytes(stored.at.msgId, frame.id);
    if (!duplicate) {
      if (stored.at !== null) return this.#conflict(stored.at.msgId, frame, sender);
      if (payload.seq < this.#floorOf(sender.mid, payload.streamId)) {
        throw new MeshError('pruned', 'the message is of a part of its stream that was pruned here');
      }
      requireChain(stored, payload, frame.id);
    }
    const plaintext = unsealGossip(key, sender.mid, payload);
    if (!duplicate) insertMessage(this.#db, frame, payload);
    const { eventId, streamId, seq } = payload;
    const { memberId, mid } = sender;
    const message = {
      msgId: frame.id,
      sender: memberId,
      mid,
      epoch,
      eventId,
      streamId,
      seq,
      payload: plaintext,
      duplicate,
    };
    return { message, error: null };
  }

  #senderInEpoch(eventId: Uint8Array, sender: MeshRosterEntry): SenderInEpoch {
    const place = byteKey(eventId) + byteKey(sender.mid);
    let found = this.#inEpoch.get(place);
    if (found === undefined) {
      const event = requireEvent(this.#db, eventId);
      if (!isMemberAt(this.#db, event, sender.mid)) {
        throw new NotAMemberError(`${JSON.stringify(sender.memberId)} was not a member in epoch ${event.epoch}`);
      }
      const secret = loadSecret(this.#db, eventId);
      if (secret === null) {
        throw new MeshError(
          'no-epoch-secret',
          `this peer holds no secret of epoch ${event.epoch}, so it cannot open this`,
        );
      }
      found = { epoch: event.epoch, key: gossipKey(secret, this.#group.id, eventId, sender.mid) };
      this.#inEpoch.set(place, found);
    }
    return found;
  }

  #cutOf(sender: MeshRosterEntry): readonly CutEntry[] | null {
    if (this.#group.roster.byMid(sender.mid) !== null) return null;
    const kick = findKickOf(this.#db, sender.mid);
    if (kick === null)
      throw new NotAMemberError(`${JSON.stringify(sender.memberId)} is a member on a losing branch only`);
    const { change } = storedEvent(this.#db, kick.id);
    return change.kind === 'kick' ? change.cut : null;
  }

  /** From a kicked member only what the kicker had accepted, or could have by its place in the stream. */
  #requireWithinCut(sender: MeshRosterEntry, { streamId, seq }: GossipPayload, msgId: Uint8Array): void {
    const key = byteKey(sender.mid);
    let cut = this.#cuts.get(key);
    if (cut === undefined) {
      cut = this.#cutOf(sender);
      this.#cuts.set(key, cut);
    }
    if (cut === null) return;
    const last = cut.find((entry) => equalBytes(entry.streamId, streamId));
    const within = last !== undefined && (seq < last.seq || (seq === last.seq && equalBytes(last.msgId, msgId)));
    if (!within) {
      throw new MeshError(
        'past-cut',
        `${JSON.stringify(sender.memberId)} was kicked, and this lies past the kick's cut`,
      );
    }
  }

  #conflict(first: Uint8Array, second: Frame, { memberId }: MeshRosterEntry): GossipResult {
    keepConflict(this.#db, first, second);
    const what = `${JSON.stringify(memberId)} signed another message at this place of its stream`;
    return { message: null, error: new MeshError('equivocation', `${what}; both are kept as proof`) };
  }

  #floorOf(mid: Uint8Array, streamId: Uint8Array): number {
    const stream = byteKey(mid) + byteKey(streamId);
    let floor = this.#floors.get(stream);
    if (floor === undefined) {
      floor = streamFloor(this.#db, mid, streamId);
      this.#floors.set(stream, floor);
    }
    return floor;
  }
}

/** The neighbours in the stream, where they are known, must link to each other. Gaps are allowed. */
function requireChain({ before, after }: StoredNeighbours, { seq, prevMsgId }: GossipPayload, msgId: Uint8Array): void {
  const linked =
    (seq === 0) === (prevMsgId === null) &&
    (before === null || (prevMsgId !== null && equalBytes(before.msgId, prevMsgId))) &&
    (after === null || (after.prevMsgId !== null && equalBytes(after.prevMsgId, msgId)));
  if (!linked) throw new MeshError('broken-chain', 'the message does not link to its neighbours in the stream');
}

function asError(error: unknown): GossipResult {
  if (!(error instanceof MeshError)) throw error;
  return { message: null, error };
}

const badSignature = () => new AuthenticationError('the signature of the message does not verify');

/**
 * Opens a message: checks its signature, that its sender was a member in its epoch and still is one (or, of a kicked
 * sender, that it lies within the kick's cut), its place in the stream, and the seal; and keeps it.
 *
 * @param message the bytes that `sealGossip` gave
 * @throws MeshDisabledError, InvalidInputError, CodecError
 * @throws AuthenticationError if signature or seal is wrong
 * @throws NotAMemberError if the sender is unknown, was not a member in that epoch, or is one on a losing branch only
 * @throws MeshError `wrong-group`, `unknown-event`, `no-epoch-secret`, `past-cut`, `broken-chain`, `pruned`; `equivocation` if
 *   the sender signed another message at the same place, which is kept as proof; `no-group`, `secrets-locked`
 */
export function openGossip(db: MeshDatabase, message: Uint8Array): OpenedGossip {
  requireEnabled(db);
  requireBytes('message', message);
  db.secrets.requireOpen();
  const opener = new GossipOpener(db, requireGroup(db));
  const { frame, sender } = opener.parse(message);
  if (!verifyFrame(frame, sender.signPub)) throw badSignature();
  const result = db.transaction(() => opener.accept(frame, sender));
  if (result.error !== null) throw result.error;
  return result.message;
}

/**
 * Opens many messages in one transaction, with their signatures verified together. Each has a result of its own: one
 * that is refused does not hold up the others.
 *
 * @param messages in any order; a stream's own order is best
 * @returns result i is that of message i, with the error that {@link openGossip} would throw
 * @throws MeshDisabledError
 * @throws InvalidInputError if `messages` is not an array of `Uint8Array`
 * @throws MeshError `no-group`, `secrets-locked`
 */
export function openGossipBatch(db: MeshDatabase, messages: readonly Uint8Array[]): GossipResult[] {
  requireEnabled(db);
  if (!Array.isArray(messages) || !messages.every(isBytes)) {
    throw new InvalidInputError('messages must be an array of Uint8Array');
  }
  db.secrets.requireOpen();
  const opener = new GossipOpener(db, requireGroup(db));
  const parsed = messages.map((message) => {
    try {
      return opener.parse(message);
    } catch (error) {
      return asError(error);
    }
  });
  const frames = parsed.flatMap((item) =>
    'frame' in item ? [{ frame: item.frame, publicKey: item.sender.signPub }] : [],
  );
  const verdicts = verifyFrames(frames).values();
  return db.transaction(() =>
    parsed.map((item) => {
      if (!('frame' in item)) return item;
      if (verdicts.next().value !== true) return asError(badSignature());
      return opener.accept(item.frame, item.sender);
    }),
  );
}
