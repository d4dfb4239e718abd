/**
 * Envelopes and epoch secrets in the database.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { checkEnvelope, type EnvelopeContext, openOwnSlot } from './envelope.js';
import type { MeshEvent } from './event.js';
import { loadDhKey, type PublicIdentity } from './identity.js';
import type { Roster } from './roster.js';
import { NO_GROUP_ID } from './secret.js';

/** What the slots of an event's envelope are bound to. */
export function envelopeContext(groupId: Uint8Array, event: MeshEvent): EnvelopeContext {
  return {
    groupId: event.parent === null ? NO_GROUP_ID : groupId,
    epoch: event.epoch,
    prev: event.parent,
    signer: event.signer,
    rosterHash: event.rosterHash,
    secretCommit: event.secretCommit,
  };
}

const secretOf = (eventId: Uint8Array) => ({ table: 'mesh_secret', column: 'secret', row: eventId }) as const;

/** Events by `byteKey` of their id: those of which this peer holds the envelope, and those of which it holds the secret. */
export function allKept(db: MeshDatabase): { readonly envelopes: Set<string>; readonly secrets: Set<string> } {
  const keys = (sql: string) => new Set(db.sql.all(sql).map(({ event_id }) => byteKey(event_id as Uint8Array)));
  return { envelopes: keys('SELECT event_id FROM mesh_envelope'), secrets: keys('SELECT event_id FROM mesh_secret') };
}

/** Whether this peer holds the secret of the epoch that an event made. */
export function hasSecret(db: MeshDatabase, eventId: Uint8Array): boolean {
  return db.sql.get('SELECT 1 FROM mesh_secret WHERE event_id = ?', [eventId]) !== undefined;
}

/**
 * The secret of the epoch that an event made; null if this peer was given none.
 *
 * @throws MeshError `secrets-locked`, `secret-damaged`
 */
export function loadSecret(db: MeshDatabase, eventId: Uint8Array): Uint8Array | null {
  const row = db.sql.get('SELECT secret FROM mesh_secret WHERE event_id = ?', [eventId]);
  return row === undefined ? null : db.secrets.open(secretOf(eventId), row.secret);
}

/**
 * Stores the secret of the epoch that an event made.
 *
 * @throws MeshError `secrets-locked`
 */
export function saveSecret(db: MeshDatabase, eventId: Uint8Array, secret: Uint8Array): void {
  db.sql.run('INSERT INTO mesh_secret (event_id, secret) VALUES (?, ?) ON CONFLICT DO NOTHING', [
    eventId,
    db.secrets.seal(secretOf(eventId), secret),
  ]);
}

/** The envelope of an event; null if this peer does not hold it. */
export function loadEnvelope(db: MeshDatabase, eventId: Uint8Array): Uint8Array | null {
  const row = db.sql.get('SELECT envelope FROM mesh_envelope WHERE event_id = ?', [eventId]);
  return (row?.envelope as Uint8Array | undefined) ?? null;
}

/** Stores the envelope of an event, which was checked. */
export function saveEnvelope(db: MeshDatabase, eventId: Uint8Array, envelope: Uint8Array): void {
  db.sql.run('INSERT INTO mesh_envelope (event_id, envelope) VALUES (?, ?) ON CONFLICT DO NOTHING', [
    eventId,
    envelope,
  ]);
}

/** An envelope that arrived, and what it must fit. */
export interface ArrivedEnvelope {
  readonly groupId: Uint8Array;
  readonly identity: PublicIdentity;
  readonly event: MeshEvent;
  /** The roster after the event. */
  readonly roster: Roster;
  readonly envelope: Uint8Array;
}

/**
 * Checks an envelope, opens this peer's slot if it has one, and stores envelope and secret.
 *
 * @throws InvalidEnvelopeError, before anything is stored
 * @throws MeshError `secrets-locked`, `secret-damaged`
 */
export function takeEnvelope(db: MeshDatabase, { groupId, identity, event, roster, envelope }: ArrivedEnvelope): void {
  const slots = checkEnvelope(envelope, event.envelopeHash, roster);
  const self = roster.bySignPub(identity.signPub);
  if (self !== null) {
    saveSecret(db, event.id, openOwnSlot(slots, envelopeContext(groupId, event), self, loadDhKey(db)));
  }
  saveEnvelope(db, event.id, envelope);
}
