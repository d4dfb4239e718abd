/**
 * One peer of a simulated mesh: a real database in memory, a clock that may lie, an old backup, and what became of the
 * attempts of its user.
 *
 * @module
 */
import { type MeshDatabase, MeshError, openDatabase } from '../../../../src/index.js';
import { findHead, requireEvent } from '../../../../src/mesh/event-store.js';
import { loadIdentity } from '../../../../src/mesh/identity.js';
import { rosterAt } from '../../../../src/mesh/roster-store.js';

/** Refusals that a user can run into; any other failure is a bug. */
const EXPECTED_REFUSALS = new Set([
  'already-member',
  'identity-exists',
  'invalid-envelope',
  'invite-expired',
  'no-epoch-secret',
  'not-a-member',
  'not-authorized',
  'past-cut',
  'stale-history',
  'standing-kick',
  'unknown-event',
]);

/** Turns a refusal of the library into its code; lets every other failure through. */
export function refusalOf(error: unknown): string {
  if (error instanceof MeshError && EXPECTED_REFUSALS.has(error.code)) return error.code;
  throw error;
}

/** Seconds since the Unix epoch. */
type Clock = () => number;

/** A peer and the machine it runs on. */
export class Peer {
  readonly name: string;
  db: MeshDatabase;
  /** Peers hear of each other within an island only. */
  island = 0;
  /** Whether it acted against the rules of the group once. */
  hostile = false;
  /** How far its clock is off, in seconds. */
  clockError = 0;
  #backup: Uint8Array | null;
  readonly #clock: Clock;
  #signPub: Uint8Array | undefined;

  private constructor(name: string, clock: Clock, backup: Uint8Array | null, db: MeshDatabase) {
    this.name = name;
    this.#clock = clock;
    this.#backup = backup;
    this.db = db;
  }

  /** Starts a peer, from an exported database or with an empty one. */
  static async start(name: string, clock: Clock, image: Uint8Array | null): Promise<Peer> {
    // The clock of the database is that of the peer, which exists only after the database does.
    const self: { peer?: Peer } = {};
    const now = () => clock() + (self.peer?.clockError ?? 0);
    const db = await openDatabase(image === null ? { now } : { bytes: image, now });
    self.peer = new Peer(name, clock, image, db);
    return self.peer;
  }

  /** Whether it belongs, or once belonged, to the group. */
  get inGroup(): boolean {
    return findHead(this.db) !== null;
  }

  /** Whether it belongs to the group now, as far as it knows. */
  get isMember(): boolean {
    const head = findHead(this.db);
    return head !== null && this.instanceAfter(head.id) !== null;
  }

  get signPub(): Uint8Array {
    this.#signPub ??= loadIdentity(this.db)?.signPub;
    if (this.#signPub === undefined) throw new Error(`${this.name} has no identity yet`);
    return this.#signPub;
  }

  /** Its member instance after an event; null if it was no member, or no admin where one is asked for. */
  instanceAfter(eventId: Uint8Array, role?: 'admin'): Uint8Array | null {
    const member = rosterAt(this.db, requireEvent(this.db, eventId)).bySignPub(this.signPub);
    return member !== null && (role === undefined || member.role === role) ? member.mid : null;
  }

  /** The events that nothing builds on yet. */
  tips(): Uint8Array[] {
    const rows = this.db.sql.all(
      'SELECT event_id FROM mesh_event AS tip WHERE NOT EXISTS (SELECT 1 FROM mesh_event WHERE parent = tip.event_id)',
    );
    return rows.map(({ event_id }) => event_id as Uint8Array);
  }

  backUp(): void {
    this.#backup = this.db.export();
  }

  /** The machine crashes and comes back with the last backup, or as it was in the beginning. */
  async restore(): Promise<void> {
    if (this.#backup === null) return;
    this.db.close();
    this.db = await openDatabase({ bytes: this.#backup, now: () => this.#clock() + this.clockError });
  }
}
