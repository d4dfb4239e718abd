/**
 * Gossip between peers that compare what they have: messages by their positions, and taking in what comes back.
 *
 * @module
 */
import { parseFrame } from '../codec/frame.js';
import { MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { isEndpointFrame, takeEndpoint } from './endpoint.js';
import { findEvent, requireEvent } from './event-store.js';
import { decodeGossip } from './gossip-message.js';
import { raiseFloorAbove } from './gossip-vectors.js';
import { requireGroup } from './group.js';
import { MAX_FRAME_BYTES } from './limits.js';
import type { GossipResult } from './open-gossip.js';
import { type ReceivedGossip, receiveGossip } from './records/receive.js';
import { rosterAt } from './roster-store.js';

/** A run of positions in one stream. */
export interface Span {
  /** 32 bytes: the sender's member instance id. */
  readonly mid: Uint8Array;
  /** 16 bytes. */
  readonly streamId: Uint8Array;
  /** The first position. */
  readonly from: number;
  /** The position after the last one. */
  readonly to: number;
}

/** How much an answer may hold. */
export interface Room {
  readonly items: number;
  readonly bytes: number;
}

/** The first epoch that a signing key was a member in; 0 if it never was one. */
export function firstEpochOf(db: MeshDatabase, signPub: Uint8Array): number {
  const row = db.sql.get(
    'SELECT min(epoch) AS epoch FROM mesh_roster JOIN mesh_event ON event_id = mid WHERE sign_pub = ?',
    [signPub],
  );
  return (row?.epoch ?? 0) as number;
}

/**
 * Positions of one stream. SQLite plans a statement anew whenever a bare parameter changes on which the plan may depend,
 * which here takes four times as long as running it; a value behind a cast, or in a sum, is none on which it does.
 */
const IN_SPAN = 'mid = CAST(? AS BLOB) AND stream_id = CAST(? AS BLOB) AND seq >= ? AND seq < ?';

/** The epoch of a message. Not joined, for the same reason. */
const EPOCH = '(SELECT epoch FROM mesh_event WHERE mesh_event.event_id = mesh_gossip.event_id)';

/**
 * Where to begin in a stream for a reader that joined in an epoch: at the last message that it cannot open. That one
 * tells it, signed by its sender, that all before is older than its own membership.
 */
function startFor(db: MeshDatabase, { mid, streamId, from, to }: Span, firstEpoch: number): number {
  if (firstEpoch === 0) return from;
  const first = db.sql.get(`SELECT ${EPOCH} AS epoch FROM mesh_gossip WHERE ${IN_SPAN} ORDER BY seq LIMIT 1`, [
    mid,
    streamId,
    from,
    to,
  ]);
  if (first === undefined || (first.epoch as number) >= firstEpoch) return from;
  const last = db.sql.get(`SELECT max(seq) AS seq FROM mesh_gossip WHERE ${IN_SPAN} AND ${EPOCH} < ?`, [
    mid,
    streamId,
    from,
    to,
    firstEpoch,
  ]);
  return (last?.seq ?? from) as number;
}

/** Messages at some positions, and how far they reach. */
export interface MessagePage {
  /** In each stream's order. */
  readonly messages: Uint8Array[];
  /** How many of the spans were gone through to their end. */
  readonly done: number;
  /** The position in the span after those from which to ask again; 0 if there is none. */
  readonly next: number;
}

/**
 * The messages at some positions, as far as they are here and there is room.
 *
 * @param firstEpoch what is older is left out but for the last message of each stream: the reader cannot open it
 */
export function messagesAt(db: MeshDatabase, spans: readonly Span[], room: Room, firstEpoch: number): MessagePage {
  const messages: Uint8Array[] = [];
  let bytes = room.bytes;
  for (const [done, span] of spans.entries()) {
    const rows = db.sql.all(
      `SELECT seq, frame FROM mesh_gossip WHERE ${IN_SPAN} AND length(frame) <= ${MAX_FRAME_BYTES} ORDER BY seq LIMIT ? + 0`,
      [span.mid, span.streamId, startFor(db, span, firstEpoch), span.to, room.items - messages.length + 1],
    );
    for (const row of rows) {
      const frame = row.frame as Uint8Array;
      if (messages.length === room.items || frame.length > bytes) return { messages, done, next: row.seq as number };
      messages.push(frame);
      bytes -= frame.length;
    }
  }
  return { messages, done: spans.length, next: 0 };
}

/** Files the endpoint record in a message, if it is one; a bad one is no reason to refuse the message. */
function fileEndpoint(db: MeshDatabase, { message }: GossipResult): void {
  if (message === null || message.duplicate || !isEndpointFrame(message.payload)) return;
  try {
    takeEndpoint(db, message.payload);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
  }
}

/** Whether this peer can never open a message of the epoch: its key was not in that roster. */
function isBeforeOurTime(db: MeshDatabase, signPub: Uint8Array, eventId: Uint8Array): boolean {
  return findEvent(db, eventId) !== null && rosterAt(db, requireEvent(db, eventId)).bySignPub(signPub) === null;
}

/**
 * Takes in messages as `receiveGossip` does, and the endpoint records in them. What is older than this peer's membership, and well signed, shows that all
 * before it in its stream is as well: the stream's floor is raised, so that it is not asked for again.
 *
 * @throws as `receiveGossip`
 */
export function takeMessages(db: MeshDatabase, messages: readonly Uint8Array[]): ReceivedGossip[] {
  return db.transaction(() => {
    const results = receiveGossip(db, messages);
    const { signPub } = requireGroup(db).identity;
    for (const result of results) fileEndpoint(db, result);
    for (const [i, { error }] of results.entries()) {
      if (error?.code !== 'no-epoch-secret') continue;
      const frame = parseFrame(messages[i] as Uint8Array, { maxBytes: MAX_FRAME_BYTES });
      const { eventId, streamId, seq } = decodeGossip(frame);
      if (isBeforeOurTime(db, signPub, eventId)) raiseFloorAbove(db, frame.signer, streamId, seq);
    }
    return results;
  });
}
