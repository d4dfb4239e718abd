/** Random sequences of operations by several peers who hear of everything at once, against a small model. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  kickMember,
  type MeshDatabase,
  MeshError,
  meshStatus,
  openGossip,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { openFounder, openPeer } from './support/peers.js';

const PEOPLE = ['ada', 'ben', 'cleo', 'dan', 'eve'] as const;
type Person = (typeof PEOPLE)[number];

type Operation =
  | { readonly kind: 'add'; readonly by: Person; readonly who: Person; readonly role: 'admin' | 'member' }
  | { readonly kind: 'kick'; readonly by: Person; readonly who: Person }
  | { readonly kind: 'rotate'; readonly by: Person }
  | { readonly kind: 'seal'; readonly by: Person };

const person = fc.constantFrom(...PEOPLE);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      by: person,
      who: person,
      role: fc.constantFrom('admin', 'member'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kick' as const), by: person, who: person }) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.record({ kind: fc.constant('rotate' as const), by: person }),
      fc.record({ kind: fc.constant('seal' as const), by: person }),
    ),
  },
);

/** What must be true, in the simplest words: seniority is the order of the adds. */
class Model {
  readonly epochs: (readonly { readonly name: Person; readonly role: 'admin' | 'member'; readonly since: number }[])[] =
    [[{ name: 'ada', role: 'admin', since: 0 }]];

  get epoch(): number {
    return this.epochs.length - 1;
  }

  member(name: Person, epoch = this.epoch) {
    return this.epochs[epoch]?.find((member) => member.name === name);
  }

  may(operation: Operation): boolean {
    const by = this.member(operation.by);
    if (by === undefined) return false;
    if (operation.kind === 'seal') return true;
    if (by.role !== 'admin') return false;
    if (operation.kind === 'rotate') return true;
    const who = this.member(operation.who);
    if (operation.kind === 'add') return who === undefined;
    return who !== undefined && (who.role === 'member' || by.since < who.since);
  }

  apply(operation: Operation): void {
    const present = this.epochs[this.epoch] ?? [];
    if (operation.kind === 'rotate') this.epochs.push(present);
    if (operation.kind === 'kick') this.epochs.push(present.filter(({ name }) => name !== operation.who));
    if (operation.kind === 'add') {
      this.epochs.push([...present, { name: operation.who, role: operation.role, since: this.epoch + 1 }]);
    }
  }
}

/** The peers, who hand every event to everyone who belongs, or once belonged, to the group. */
class World {
  readonly peers = new Map<Person, MeshDatabase>();
  readonly sealed: {
    readonly epoch: number;
    readonly sender: Person;
    readonly instance: number;
    readonly message: Uint8Array;
  }[] = [];

  peer(name: Person): MeshDatabase {
    return this.peers.get(name) as MeshDatabase;
  }

  inGroup(): MeshDatabase[] {
    return [...this.peers.values()].filter((db) => meshStatus(db).group !== null);
  }

  hand(bundle: Uint8Array): void {
    for (const db of this.inGroup()) applyEvents(db, [bundle]);
  }

  perform(operation: Operation, model: Model): void {
    const db = this.peer(operation.by);
    if (operation.kind === 'seal') {
      const message = sealGossip(db, new TextEncoder().encode(`${operation.by} ${model.epoch}`));
      const { since } = model.member(operation.by) as { since: number };
      for (const reader of this.inGroup()) if (meshStatus(reader).state === 'member') openGossip(reader, message);
      this.sealed.push({ epoch: model.epoch, sender: operation.by, instance: since, message });
    } else if (operation.kind === 'add') {
      const joiner = this.peer(operation.who);
      const { request } = requestJoin(joiner, createInvite(db).invite, { memberId: operation.who });
      const { welcome, bundle } = addMember(db, request, { role: operation.role });
      acceptWelcome(joiner, welcome);
      setEnabled(joiner, true);
      this.hand(bundle);
    } else {
      this.hand((operation.kind === 'kick' ? kickMember(db, operation.who) : rotateEpoch(db)).bundle);
    }
  }
}

function expectAgreement(world: World, model: Model): void {
  for (const db of world.inGroup()) {
    for (const [epoch, members] of model.epochs.entries()) {
      const got = roster(db, epoch).map(({ memberId, role, sinceEpoch }) => `${memberId} ${role} ${sinceEpoch}`);
      expect(got.sort()).toEqual(members.map(({ name, role, since }) => `${name} ${role} ${since}`).sort());
    }
    expect(verifyHistory(db).problems).toEqual([]);
  }
}

/**
 * Whoever was a member in a message's epoch opens it; all had heard of it before any kick, so it lies within the cut.
 */
function expectReadable(world: World, model: Model): void {
  for (const [name, db] of world.peers) {
    if (meshStatus(db).group === null) continue;
    for (const { epoch, sender, message } of world.sealed) {
      const read = () => openGossip(db, message);
      if (model.member(name, epoch) !== undefined) expect(read()).toMatchObject({ sender, epoch });
      else expect(read).toThrow(expect.objectContaining({ code: 'no-epoch-secret' }));
    }
  }
}

describe('Any sequence of adds, kicks, rotates and messages', () => {
  test('does what a small model says, and refuses what it does not allow', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 14, size: 'max' }), async (operations) => {
        const world = new World();
        const model = new Model();
        world.peers.set('ada', await openFounder('ada'));
        for (const name of PEOPLE.slice(1)) world.peers.set(name, await openPeer());
        for (const operation of operations) {
          if (model.may(operation)) {
            world.perform(operation, model);
            model.apply(operation);
          } else {
            expect(() => world.perform(operation, model)).toThrow(MeshError);
          }
        }
        expectAgreement(world, model);
        expectReadable(world, model);
        for (const db of world.peers.values()) db.close();
      }),
      { numRuns: 40 },
    );
  });
});
