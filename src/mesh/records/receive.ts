/**
 * Receiving records: opening gossip, and filing what is a record in it.
 *
 * A record's frame says who vouches, but not when. What bounds the time of a claim is the gossip that carries it: its epoch,
 * its place in its sender's stream, and the cut of whoever was kicked. So a record counts
 *
 * - in a message of its author's own, wherever that message does, also after the author was kicked; or
 * - in a message of another member, if its author was a member in that message's epoch and is one now. A kicked author's
 *   friends can therefore bring nothing in that the author signs after the kick.
 *
 * @module
 */
import { equalBytes, isBytes, requireBytes } from '../../bytes.js';
import { type Frame, verifyFrame, verifyFrames } from '../../codec/frame.js';
import { AuthenticationError, CodecError, InvalidInputError, MeshError, NotAMemberError } from '../../errors.js';
import type { MeshDatabase } from '../../store/database.js';
import { requireEvent } from '../event-store.js';
import { type Group, requireGroup } from '../group.js';
import { type GossipResult, type OpenedGossip, openGossipBatch } from '../open-gossip.js';
import type { MeshRosterEntry } from '../roster.js';
import { findInstance, isMemberAt } from '../roster-store.js';
import { decodeRecord, isRecord, parseRecord } from './record-frame.js';
import {
  findRecord,
  insertRecord,
  type MeshRecord,
  notePublished,
  requireRecord,
  saveDocument,
  shown,
} from './record-store.js';

/** A record that came in a message. */
export interface ReceivedRecord {
  readonly record: MeshRecord;
  /** Whether this database had it already. */
  readonly duplicate: boolean;
}

/** What became of one message of a batch, and of the record in it. */
export type ReceivedGossip = GossipResult & {
  /** Null where the message is none, or is refused. */
  readonly received: ReceivedRecord | null;
  /** Why a record was refused, though its message was not; null otherwise. */
  readonly refused: MeshError | null;
};

/** A record that waits for the verdict on its signature. */
interface ParsedRecord {
  readonly frame: Frame;
  readonly author: MeshRosterEntry;
  readonly msgId: Uint8Array;
}

/** Takes a record apart and finds its author, before anything of it is believed. */
function parse(db: MeshDatabase, group: Group, { payload, mid, eventId, msgId }: OpenedGossip): ParsedRecord {
  const frame = parseRecord(payload, group.id);
  const author = findInstance(db, frame.signer);
  if (author === null) throw new NotAMemberError('the author of the record is not known here');
  if (!equalBytes(author.mid, mid)) {
    const name = JSON.stringify(author.memberId);
    if (!isMemberAt(db, requireEvent(db, eventId), author.mid)) {
      throw new NotAMemberError(`${name} was not a member when this record was passed on`);
    }
    if (group.roster.byMid(author.mid) === null) {
      throw new NotAMemberError(
        `${name} is not a member any more, so that only messages of theirs can bring the record`,
      );
    }
  }
  return { frame, author, msgId };
}

/** Stores a record whose signature was verified. Nothing is written unless all of it is as it must be. */
function file(db: MeshDatabase, { frame, msgId }: ParsedRecord): ReceivedRecord {
  const known = findRecord(db, frame.id);
  if (known !== null) {
    if (!known.published) notePublished(db, known, msgId);
    return { record: { ...shown(known), published: true }, duplicate: true };
  }
  const claim = decodeRecord(frame);
  insertRecord(db, frame, claim, { documentId: saveDocument(db, claim), msgId });
  return { record: shown(requireRecord(db, frame.id)), duplicate: false };
}

const badSignature = () => new AuthenticationError('the signature of the record does not verify');

/**
 * Opens a message that is a record, as `openGossip` does, and files the record. If either is refused, nothing is kept.
 *
 * @param message what `publishRecord` gave, whoever brings it
 * @throws CodecError if the message is not a record; and as `openGossip` does
 * @throws AuthenticationError if the record's signature is wrong
 * @throws NotAMemberError if the record's author is unknown, or is another than the sender and not a member
 * @throws MeshError `wrong-group`, `invalid-record`
 */
export function receiveRecord(db: MeshDatabase, message: Uint8Array): ReceivedRecord {
  requireBytes('message', message);
  const outcome = db.transaction(() => {
    const [opened] = openGossipBatch(db, [message]) as [GossipResult];
    // Returned, not thrown: the proof of a contradiction shall stay.
    if (opened.error !== null) return opened.error;
    if (!isRecord(opened.message.payload)) throw new CodecError('message must hold a record');
    const parsed = parse(db, requireGroup(db), opened.message);
    if (!verifyFrame(parsed.frame, parsed.author.signPub)) throw badSignature();
    return file(db, parsed);
  });
  if (outcome instanceof MeshError) throw outcome;
  return outcome;
}

function asRefusal(error: unknown): MeshError {
  if (error instanceof MeshError) return error;
  throw error;
}

/** A record taken apart, or why it is refused; null for messages that are none. */
function tryToParse(db: MeshDatabase, group: Group, { message }: GossipResult): ParsedRecord | MeshError | null {
  if (message === null || !isRecord(message.payload)) return null;
  try {
    return parse(db, group, message);
  } catch (error) {
    return asRefusal(error);
  }
}

function tryToFile(db: MeshDatabase, record: ParsedRecord, good: boolean): ReceivedRecord | MeshError {
  if (!good) return badSignature();
  try {
    return file(db, record);
  } catch (error) {
    return asRefusal(error);
  }
}

/**
 * Opens many messages, as `openGossipBatch` does, and files the records among them, in one transaction and with signatures
 * verified together. A message whose record is refused is kept as a message: its sender did say that.
 *
 * @param messages in any order; a stream's own order is best
 * @returns result i is that of message i
 * @throws MeshDisabledError
 * @throws InvalidInputError if `messages` is not an array of `Uint8Array`
 * @throws MeshError `no-group`
 */
export function receiveGossip(db: MeshDatabase, messages: readonly Uint8Array[]): ReceivedGossip[] {
  if (!Array.isArray(messages) || !messages.every(isBytes)) {
    throw new InvalidInputError('messages must be an array of Uint8Array');
  }
  return db.transaction(() => {
    const opened = openGossipBatch(db, messages);
    const group = requireGroup(db);
    const parsed = opened.map((result) => tryToParse(db, group, result));
    const toVerify = parsed.flatMap((item) => (item === null || item instanceof MeshError ? [] : [item]));
    const verdicts = verifyFrames(toVerify.map(({ frame, author }) => ({ frame, publicKey: author.signPub }))).values();
    return opened.map((result, i): ReceivedGossip => {
      const item = parsed[i] ?? null;
      if (item === null) return { ...result, received: null, refused: null };
      const filed = item instanceof MeshError ? item : tryToFile(db, item, verdicts.next().value === true);
      return filed instanceof MeshError
        ? { ...result, received: null, refused: filed }
        : { ...result, received: filed, refused: null };
    });
  });
}
