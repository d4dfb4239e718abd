/**
 * Pruning: dropping gossip and envelopes that are old, while the history stays verifiable.
 *
 * Events, rosters and secrets stay. Of each stream the last message stays, since it is what a kick's cut names and where
 * this peer's own stream goes on. Below what was dropped a floor is kept for each stream, so that an old message that
 * comes again is refused rather than taken for a new one.
 *
 * @module
 */
import { requireOptions } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { forgetVectors } from './gossip-vectors.js';
import { requireGroup } from './group.js';

/** What shall stay; what is not named stays whole. */
export interface PruneOptions {
  /** How many of the messages that arrived last stay. */
  readonly messages?: number;
  /** Of how many epochs, counted back from the present one, messages stay: from 1. */
  readonly messageEpochs?: number;
  /** Of how many epochs, counted back from the present one, envelopes stay: from 1. */
  readonly envelopeEpochs?: number;
  /** Whether only to say what would go. */
  readonly dryRun?: boolean;
}

/** What went, or would go. */
export interface Pruned {
  readonly messages: number;
  /** Bytes of their frames. */
  readonly messageBytes: number;
  readonly envelopes: number;
  readonly envelopeBytes: number;
  /** Whether it went. */
  readonly done: boolean;
}

/** Messages before an arrival or an epoch, without the last one of each stream. */
const OLD_MESSAGES = `
  SELECT g.arrival, g.mid, g.stream_id, g.seq, length(g.frame) AS size
  FROM mesh_gossip AS g JOIN mesh_event AS e USING (event_id)
  WHERE (g.arrival < ?1 OR e.epoch < ?2) AND EXISTS (
    SELECT 1 FROM mesh_gossip AS later WHERE later.mid = g.mid AND later.stream_id = g.stream_id AND later.seq > g.seq)`;
const OLD_ENVELOPES = `
  SELECT event_id, length(envelope) AS size FROM mesh_envelope JOIN mesh_event USING (event_id) WHERE epoch < ?1`;

function requireCount(name: keyof PruneOptions, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
    throw new InvalidInputError(`${name} must be a whole number from ${least} on`);
  }
}

/** The first epoch of the last so many; the first of all where nothing is said. */
function firstEpochOf(epochs: number | undefined, present: number): number {
  return epochs === undefined ? 0 : Math.max(0, present - epochs + 1);
}

/** The arrival of the first of the last so many messages; below every arrival where nothing is said. */
function firstArrivalOf(db: MeshDatabase, messages: number | undefined): number {
  if (messages === undefined) return 0;
  if (messages === 0) return Number.MAX_SAFE_INTEGER;
  const first = db.sql.get('SELECT arrival FROM mesh_gossip ORDER BY arrival DESC LIMIT 1 OFFSET ?', [messages - 1]);
  return (first?.arrival as number | undefined) ?? 0;
}

function countAndSize(db: MeshDatabase, query: string, params: readonly number[]) {
  const row = db.sql.get(`SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM (${query})`, params);
  return { count: row?.count as number, bytes: row?.bytes as number };
}

function dropMessages(db: MeshDatabase, bounds: readonly number[]): void {
  db.sql.run(
    `INSERT INTO mesh_gossip_floor (mid, stream_id, seq)
     SELECT mid, stream_id, max(seq) + 1 FROM (${OLD_MESSAGES}) GROUP BY mid, stream_id
     ON CONFLICT (mid, stream_id) DO UPDATE SET seq = max(seq, excluded.seq)`,
    bounds,
  );
  db.sql.run(`DELETE FROM mesh_gossip WHERE arrival IN (SELECT arrival FROM (${OLD_MESSAGES}))`, bounds);
}

/**
 * Drops old gossip and envelopes, and shrinks the database. {@link verifyHistory} verifies what stays as before. Dropped
 * messages cannot be read or handed on any more; a member who was away for longer than the envelopes reach back cannot
 * get the epochs' secrets from this peer.
 *
 * @returns what went; with `dryRun`, what would go
 * @throws InvalidInputError naming the option
 * @throws MeshError `no-group`; `in-transaction` inside a transaction
 */
export function prune(db: MeshDatabase, options: PruneOptions): Pruned {
  const { messages, messageEpochs, envelopeEpochs, dryRun = false } = requireOptions(options);
  requireCount('messages', messages, 0);
  requireCount('messageEpochs', messageEpochs, 1);
  requireCount('envelopeEpochs', envelopeEpochs, 1);
  const { epoch } = requireGroup(db).head;
  const oldMessages = [firstArrivalOf(db, messages), firstEpochOf(messageEpochs, epoch)];
  const oldEnvelopes = [firstEpochOf(envelopeEpochs, epoch)];
  const message = countAndSize(db, OLD_MESSAGES, oldMessages);
  const envelope = countAndSize(db, OLD_ENVELOPES, oldEnvelopes);
  const counts = {
    messages: message.count,
    messageBytes: message.bytes,
    envelopes: envelope.count,
    envelopeBytes: envelope.bytes,
  };
  if (dryRun) return { ...counts, done: false };
  db.transaction(() => {
    dropMessages(db, oldMessages);
    db.sql.run(`DELETE FROM mesh_envelope WHERE event_id IN (SELECT event_id FROM (${OLD_ENVELOPES}))`, oldEnvelopes);
  });
  forgetVectors(db);
  db.compact();
  return { ...counts, done: true };
}
