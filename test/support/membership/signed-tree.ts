/**
 * Trees of really signed events, built by name. All keys follow from names, so that the same calls give the same bytes;
 * envelopes are left out, as a peer may that does not hold them,
 * unless they are asked for.
 *
 * @module
 */

import { equalBytes } from '../../../src/bytes.js';
import type { Frame } from '../../../src/codec/frame.js';
import { signingPublicKey } from '../../../src/crypto/ed25519.js';
import { sha256 } from '../../../src/crypto/sha256.js';
import { dhPublicKey } from '../../../src/crypto/x25519.js';
import { type MeshDatabase, openDatabase, type Role, setEnabled } from '../../../src/index.js';
import { encodeBundle } from '../../../src/mesh/bundle.js';
import { envelopeHash, sealEnvelope } from '../../../src/mesh/envelope.js';
import { decodeGenesis, type EventDraft, signEvent, signGenesis } from '../../../src/mesh/event.js';
import { storeEvent } from '../../../src/mesh/event-intake.js';
import { requireEvent } from '../../../src/mesh/event-store.js';
import { startHead } from '../../../src/mesh/head.js';
import { type MeshIdentity, saveIdentity } from '../../../src/mesh/identity.js';
import { signJoinRequest } from '../../../src/mesh/join-request.js';
import { type MeshRosterEntry, Roster } from '../../../src/mesh/roster.js';
import { NO_GROUP_ID, secretCommit } from '../../../src/mesh/secret.js';
import { checkGenesis } from '../../../src/mesh/validity.js';
import { START } from '../../mesh/support/peers.js';

/** What an event does, by the names of people. */
export type Does =
  | { readonly kind: 'add'; readonly who: string; readonly role: Role }
  | { readonly kind: 'kick'; readonly whom: string }
  | { readonly kind: 'rotate' };

/** An event of a tree. */
export interface SignedEvent {
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly frame: Frame;
  readonly bundle: Uint8Array;
  /** The roster after it. */
  readonly roster: Roster;
}

/** What may be put in place of what an honest admin would make, or is made only where wanted. */
export interface Twist {
  readonly draft?: Partial<EventDraft>;
  /** Keys and name of the joiner that are not those that follow from its name. */
  readonly joiner?: Partial<MeshIdentity>;
  /** Makes the envelope from its honest bytes; without this there is none. */
  readonly envelope?: (honest: Uint8Array) => Uint8Array;
  /** What is sealed in place of the secret that is committed to. */
  readonly sealed?: Uint8Array;
  /** Whose key signs. */
  readonly signedBy?: string;
  /** Whose event it says it is: 32 bytes. */
  readonly mid?: Uint8Array;
}

const derive = (text: string) => sha256(new TextEncoder().encode(`arborist-mesh test ${text}`));

/** Someone's keys, which follow from the name. */
export function personOf(name: string): MeshIdentity {
  const [signPriv, dhPriv] = [derive(`sign ${name}`), derive(`dh ${name}`)];
  return {
    memberId: name,
    signPriv,
    signPub: signingPublicKey(signPriv),
    dhPriv,
    dhPub: dhPublicKey(dhPriv),
    groupName: 'orchard',
    createdAt: START,
  };
}

/** A group's events by name; the first is called `genesis`. */
export class SignedTree {
  readonly groupId: Uint8Array;
  readonly #events = new Map<string, SignedEvent>();

  constructor(founder: string) {
    const { memberId, signPub, dhPub, signPriv } = personOf(founder);
    const entry = { memberId, mid: new Uint8Array(32), signPub, dhPub, role: 'admin', sinceEpoch: 0 } as const;
    const frame = signGenesis(
      { signPriv, signPub },
      {
        nonce: derive('nonce').subarray(0, 16),
        groupName: 'orchard',
        memberId,
        dhPub,
        rosterHash: new Roster([entry]).hash,
        envelopeHash: derive('envelope genesis'),
        secretCommit: secretCommit(NO_GROUP_ID, 0, this.secretOf('genesis')),
        createdAt: START,
      },
    );
    this.groupId = frame.id;
    this.#keep('genesis', frame, 0, new Roster([{ ...entry, mid: frame.id }]));
  }

  event(name: string): SignedEvent {
    const event = this.#events.get(name);
    if (event === undefined) throw new Error(`no event is called ${name}`);
    return event;
  }

  /** What the event with this id is called. */
  nameOf(id: Uint8Array): string {
    for (const [name, event] of this.#events) if (equalBytes(event.id, id)) return name;
    throw new Error('no event of the tree has this id');
  }

  /** All events, in the order in which they were made. */
  events(): SignedEvent[] {
    return [...this.#events.values()];
  }

  #keep(name: string, frame: Frame, epoch: number, roster: Roster, envelope: Uint8Array | null = null): SignedEvent {
    const bundle = encodeBundle({ frame: frame.bytes, envelope });
    const event = { id: frame.id, epoch, frame, bundle, roster };
    this.#events.set(name, event);
    return event;
  }

  /** The joiner's own signed request. */
  request(joiner: MeshIdentity, groupId = this.groupId): Uint8Array {
    const { memberId, dhPub, ...keys } = joiner;
    const statement = { memberId, dhPub, groupId, inviteId: new Uint8Array(16), nonce: derive('n').subarray(0, 16) };
    const invite = { inviteSecret: derive('invite'), inviterDhPub: personOf('inviter').dhPub };
    return signJoinRequest({ ...keys, ...invite }, { ...statement, createdAt: START }).bytes;
  }

  #changeOf(does: Does, before: Roster, joiner: Partial<MeshIdentity>): EventDraft['change'] {
    if (does.kind === 'rotate') return does;
    if (does.kind === 'add') {
      return { kind: 'add', request: this.request({ ...personOf(does.who), ...joiner }), role: does.role };
    }
    // Of someone who is not there, the zeros of no instance.
    return { kind: 'kick', target: before.byMemberId(does.whom)?.mid ?? new Uint8Array(32), cut: [] };
  }

  /** The roster after an event; `mid` becomes that of an added member. */
  #rosterAfter(
    before: Roster,
    does: Does,
    joiner: Partial<MeshIdentity>,
    at: Pick<MeshRosterEntry, 'mid' | 'sinceEpoch'>,
  ) {
    if (does.kind === 'kick') return new Roster(before.members.filter(({ memberId }) => memberId !== does.whom));
    if (does.kind === 'rotate') return before;
    const { memberId, signPub, dhPub } = { ...personOf(does.who), ...joiner };
    return before.with({ memberId, signPub, dhPub, role: does.role, ...at });
  }

  /** The secret that an event commits to: 32 bytes. */
  secretOf(name: string): Uint8Array {
    return derive(`secret ${name}`);
  }

  /** Signs an event, by a member after its parent unless twisted, and keeps it under a name. */
  sign(name: string, on: string, by: string, does: Does, twist: Twist = {}): SignedEvent {
    const { draft, joiner = {}, signedBy = by, sealed = this.secretOf(name) } = twist;
    const parent = this.event(on);
    const sinceEpoch = parent.epoch + 1;
    const actor = twist.mid ?? parent.roster.byMemberId(by)?.mid;
    if (actor === undefined) throw new Error(`${by} is no member after ${on}`);
    const after = this.#rosterAfter(parent.roster, does, joiner, { mid: this.groupId, sinceEpoch });
    const place = { groupId: this.groupId, epoch: sinceEpoch, prev: parent.id };
    const commit = secretCommit(this.groupId, sinceEpoch, this.secretOf(name));
    const committed = { rosterHash: after.hash, secretCommit: commit };
    const envelope = twist.envelope?.(sealEnvelope({ ...place, ...committed, signer: actor }, after, sealed)) ?? null;
    const frame = signEvent(actor, personOf(signedBy).signPriv, {
      ...place,
      ...committed,
      change: this.#changeOf(does, parent.roster, joiner),
      envelopeHash: envelope === null ? derive(`envelope ${name}`) : envelopeHash(envelope),
      createdAt: START + sinceEpoch,
      ...draft,
    });
    const roster = this.#rosterAfter(parent.roster, does, joiner, { mid: frame.id, sinceEpoch });
    return this.#keep(name, frame, sinceEpoch, roster, envelope);
  }
}

/** A database that has heard of nothing but the genesis, whoever it belongs to. */
export async function openReader(tree: SignedTree, name = 'reader'): Promise<MeshDatabase> {
  const db = await openDatabase({ now: () => START });
  startReader(db, tree.event('genesis').frame, name);
  return db;
}

/** Gives an empty database an identity and a history that is a genesis alone. */
export function startReader(db: MeshDatabase, frame: Frame, name: string): void {
  const genesis = decodeGenesis(frame);
  db.transaction(() => {
    saveIdentity(db, personOf(name), genesis.id);
    storeEvent(db, genesis, frame.bytes, checkGenesis(genesis));
    startHead(db, requireEvent(db, genesis.id));
    setEnabled(db, true);
  });
}
