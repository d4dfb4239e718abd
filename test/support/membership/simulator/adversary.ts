/**
 * What a member with real keys can do that the library would not: sign on old parents, sign twice on one, mint accounts, and
 * hand out wrong secrets. The forger's own database hears of what it forges.
 *
 * @module
 */

import { decodeCbor, encodeCbor } from '../../../../src/codec/cbor.js';
import { generateSigningKeypair } from '../../../../src/crypto/ed25519.js';
import { generateDhKeypair } from '../../../../src/crypto/x25519.js';
import { applyEvents } from '../../../../src/index.js';
import type { EventDraft } from '../../../../src/mesh/event.js';
import { allEvents, type EventNode, findHead, requireEvent } from '../../../../src/mesh/event-store.js';
import { requireGroup } from '../../../../src/mesh/group.js';
import { openJoinRequest, signJoinRequest } from '../../../../src/mesh/join-request.js';
import { MAX_ENVELOPE_BYTES } from '../../../../src/mesh/limits.js';
import { outranks } from '../../../../src/mesh/rank.js';
import { rosterAt } from '../../../../src/mesh/roster-store.js';
import { type Forged, forge } from '../../../mesh/support/forge.js';
import { toHex } from '../../hex.js';
import type { Peer } from './peer.js';
import type { World } from './world.js';

/** A hostile peer in a world. */
export class Adversary {
  readonly #world: World;
  readonly #self: Peer;

  constructor(world: World, name: string) {
    this.#world = world;
    this.#self = world.peer(name);
  }

  #send(forged: Forged, to: readonly Peer[] = this.#world.inGroup()): void {
    this.#self.hostile = true;
    applyEvents(this.#self.db, [forged.bundle]);
    this.#world.touched.add(this.#self);
    this.#world.network.send(forged.bundle, this.#self, to);
  }

  /** The events after which this peer was an admin, oldest first: the parents that it can sign on. */
  #parents(): EventNode[] {
    const { db } = this.#self;
    return allEvents(db).filter(({ id }) => this.#self.instanceAfter(id, 'admin') !== null);
  }

  #forgeOn(parent: EventNode, change: EventDraft['change'], more: Partial<Parameters<typeof forge>[1]> = {}): Forged {
    const mid = this.#self.instanceAfter(parent.id, 'admin') as Uint8Array;
    return forge(this.#self.db, { change, parent: parent.id, mid, ...more });
  }

  /** A kick of a junior after this event, if there is one. */
  #kickOn(parent: EventNode, choice: number): EventDraft['change'] | null {
    const roster = rosterAt(this.#self.db, parent);
    const self = roster.bySignPub(this.#self.signPub);
    const juniors = roster.members.filter((member) => self !== null && outranks(self, member));
    const target = juniors[choice % Math.max(1, juniors.length)];
    return target === undefined ? null : { kind: 'kick', target: target.mid, cut: [] };
  }

  /** Signs on an old parent, as if it had not heard of what came since. */
  backDate(age: number, choice: number): void {
    const parents = this.#parents();
    const parent = parents[parents.length - 1 - (age % Math.max(1, parents.length))];
    if (parent === undefined) return;
    const change = (choice % 3 === 0 ? null : this.#kickOn(parent, choice)) ?? { kind: 'rotate' };
    this.#world.tell(`${this.#self.name} signs a ${change.kind} on the parent of epoch ${parent.epoch}`);
    this.#send(this.#forgeOn(parent, change));
  }

  /** Signs two events on one parent, and tells half of the others of one and the rest of the other. */
  equivocate(choice: number): void {
    const parent = this.#parents().at(-1);
    if (parent === undefined) return;
    this.#world.tell(`${this.#self.name} signs two events on epoch ${parent.epoch}`);
    const other = this.#kickOn(parent, choice) ?? { kind: 'rotate' };
    const peers = this.#world.inGroup();
    this.#send(
      this.#forgeOn(parent, { kind: 'rotate' }),
      peers.filter((_, i) => i % 2 === 0),
    );
    this.#send(
      this.#forgeOn(parent, other),
      peers.filter((_, i) => i % 2 === 1),
    );
  }

  /** Adds an admin of its own making on an old parent, who kicks a member and rotates. */
  mint(age: number, choice: number): void {
    const parents = this.#parents();
    const parent = parents[parents.length - 1 - (age % Math.max(1, parents.length))];
    if (parent === undefined) return;
    const name = `puppet-${this.#world.story.length}`;
    this.#world.tell(`${this.#self.name} adds ${name} as admin on epoch ${parent.epoch}, who goes on to act`);
    const puppet = generateSigningKeypair();
    const added = this.#add(parent, name, puppet);
    this.#send(added);
    const roster = rosterAt(this.#self.db, requireEvent(this.#self.db, added.eventId));
    const self = roster.byMid(added.eventId);
    const victims = roster.members.filter((member) => self !== null && outranks(self, member));
    const victim = victims[choice % Math.max(1, victims.length)];
    const change: EventDraft['change'] =
      victim === undefined ? { kind: 'rotate' } : { kind: 'kick', target: victim.mid, cut: [] };
    const as = { mid: added.eventId, signPriv: puppet.privateKey };
    this.#send(forge(this.#self.db, { change, parent: added.eventId, ...as }));
  }

  #add(parent: EventNode, memberId: string, { privateKey, publicKey }: ReturnType<typeof generateSigningKeypair>) {
    const { db } = this.#self;
    const dh = generateDhKeypair();
    const frame = signJoinRequest(
      {
        signPriv: privateKey,
        signPub: publicKey,
        dhPriv: dh.privateKey,
        inviteSecret: new Uint8Array(32),
        inviterDhPub: dh.publicKey,
      },
      {
        groupId: requireGroup(db).id,
        inviteId: new Uint8Array(16),
        nonce: new Uint8Array(16),
        memberId,
        dhPub: dh.publicKey,
        createdAt: db.now(),
      },
    );
    const { bytes: request, id: mid, signPub, dhPub } = openJoinRequest(frame.bytes);
    const joiner = { memberId, mid, signPub, dhPub, role: 'admin', sinceEpoch: parent.epoch + 1 } as const;
    const roster = rosterAt(db, parent).with(joiner);
    return this.#forgeOn(parent, { kind: 'add', request, role: 'admin' }, { roster });
  }

  /** Rotates, and seals another secret than the one that it commits to. */
  sealWrongSecret(): void {
    this.#rotateBadly(`${this.#self.name} rotates and seals a wrong secret`, null, { sealed: new Uint8Array(32) });
  }

  /** Rotates, and leaves someone's slot out. */
  leaveOut(name: string): void {
    const victim = this.#world.peer(name);
    const envelope = (honest: Uint8Array) => encodeCbor(slotsOf(honest).filter((slot) => !isSlotOf(slot, victim)));
    this.#rotateBadly(`${this.#self.name} rotates and leaves ${name} out`, null, { envelope });
  }

  /** Rotates, and puts a seal into someone's slot that does not open. */
  spoilSlot(name: string): void {
    const victim = this.#world.peer(name);
    const spoil = (slot: Slot): Slot => (isSlotOf(slot, victim) ? [slot[0], slot[1], new Uint8Array(48)] : slot);
    const envelope = (honest: Uint8Array) => encodeCbor(slotsOf(honest).map(spoil));
    this.#rotateBadly(`${this.#self.name} rotates and spoils the slot of ${name}`, victim, { envelope });
  }

  /** @param victim who cannot use the envelope; everyone where null */
  #rotateBadly(sentence: string, victim: Peer | null, how: Partial<Parameters<typeof forge>[1]>): void {
    const head = findHead(this.#self.db);
    if (head === null || this.#self.instanceAfter(head.id, 'admin') === null) return;
    this.#world.tell(sentence);
    const forged = this.#forgeOn(head, { kind: 'rotate' }, how);
    this.#world.spoiled.set(toHex(forged.eventId), victim);
    this.#send(forged);
  }
}

type Slot = readonly [signPub: Uint8Array, enc: Uint8Array, ciphertext: Uint8Array];

const slotsOf = (envelope: Uint8Array) => decodeCbor(envelope, { maxBytes: MAX_ENVELOPE_BYTES }) as unknown as Slot[];

const isSlotOf = ([signPub]: Slot, peer: Peer) => toHex(signPub) === toHex(peer.signPub);
