/**
 * A simulated mesh, and what its people and their machines can do. Everything goes through the public functions of the
 * library; what it refuses is told in the story and changes nothing.
 *
 * @module
 */
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  eventsSince,
  kickMember,
  type MembershipChange,
  openGossip,
  type Role,
  replay,
  requestJoin,
  rotateEpoch,
  sealGossip,
  setEnabled,
} from '../../../../src/index.js';
import { findHead } from '../../../../src/mesh/event-store.js';
import { START } from '../../../mesh/support/peers.js';
import { toHex } from '../../hex.js';
import { Network } from './network.js';
import { Peer, refusalOf } from './peer.js';
import { startingPoint } from './starting-points.js';

/** A change that someone made through the library. */
export interface Deed {
  readonly by: Peer;
  readonly eventId: Uint8Array;
}

/** A message and who was kept from opening it. */
export interface Saying {
  readonly by: Peer;
  readonly message: Uint8Array;
}

/** Peers, network and time. */
export class World {
  readonly peers: Peer[] = [];
  readonly network = new Network();
  /** Every change that was made through the library, by whomever. */
  readonly deeds: Deed[] = [];
  readonly sayings: Saying[] = [];
  /** Who cannot open the envelope of an event, by the event's id in hexadecimal; everyone where null. */
  readonly spoiled = new Map<string, Peer | null>();
  /** What happened, one sentence a line. */
  readonly story: string[] = [];
  /** The peers whose databases the last step may have changed. */
  readonly touched = new Set<Peer>();
  /** The peers that sealed something in the last step. */
  readonly sealed = new Set<Peer>();
  #seconds = START;
  readonly #clock = () => this.#seconds;

  /** @param people names, the founder's first; those with a star are admins: `ada* ben* cleo` */
  static async of(people: string): Promise<World> {
    const world = new World();
    for (const [name, image] of await startingPoint(people)) {
      world.peers.push(await Peer.start(name, world.#clock, image));
    }
    return world;
  }

  close(): void {
    for (const { db } of this.peers) db.close();
  }

  peer(name: string): Peer {
    const peer = this.peers.find((candidate) => candidate.name === name);
    if (peer === undefined) throw new Error(`nobody is called ${name}`);
    return peer;
  }

  inGroup(): Peer[] {
    return this.peers.filter(({ inGroup }) => inGroup);
  }

  /** Tells what is about to happen, and lets a second pass. */
  tell(sentence: string): void {
    this.story.push(sentence);
    this.#seconds += 1;
  }

  /** Lets someone try what the library may refuse. */
  #attempt<T>(sentence: string, work: () => T): T | null {
    this.tell(sentence);
    try {
      return work();
    } catch (error) {
      this.story.push(`  which is refused: ${refusalOf(error)}`);
      return null;
    }
  }

  #publish(by: Peer, change: MembershipChange | null): void {
    this.touched.add(by);
    if (change === null) return;
    this.deeds.push({ by, eventId: change.eventId });
    this.network.send(change.bundle, by, this.inGroup());
  }

  rotate(name: string): void {
    const by = this.peer(name);
    this.#publish(
      by,
      this.#attempt(`${name} rotates`, () => rotateEpoch(by.db)),
    );
  }

  kick(name: string, target: string): void {
    const by = this.peer(name);
    this.#publish(
      by,
      this.#attempt(`${name} kicks ${target}`, () => kickMember(by.db, target)),
    );
  }

  /** Someone new, or someone who was kicked, joins through an admin, in whose island it then is. */
  async add(name: string, joinerName: string, role: Role): Promise<void> {
    const by = this.peer(name);
    if (!this.peers.some((peer) => peer.name === joinerName)) {
      this.peers.push(await Peer.start(joinerName, this.#clock, null));
    }
    const joiner = this.peer(joinerName);
    this.touched.add(joiner);
    const added = this.#attempt(`${name} adds ${joinerName} as ${role}`, () => {
      const { request } = requestJoin(joiner.db, createInvite(by.db).invite, { memberId: joinerName });
      return addMember(by.db, request, { role });
    });
    this.#publish(by, added);
    if (added === null) return;
    joiner.island = by.island;
    this.#attempt(`${joinerName} accepts the welcome`, () => {
      acceptWelcome(joiner.db, added.welcome);
      setEnabled(joiner.db, true);
    });
  }

  /** Does again what was lost on other branches. */
  replay(name: string): void {
    const by = this.peer(name);
    const changes = this.#attempt(`${name} replays`, () => replay(by.db)) ?? [];
    this.touched.add(by);
    for (const change of changes) this.#publish(by, change);
  }

  /** Says something to whoever can be reached. */
  say(name: string): void {
    const by = this.peer(name);
    const message = this.#attempt(`${name} says something`, () => sealGossip(by.db, Uint8Array.of(1)));
    if (message === null) return;
    this.sayings.push({ by, message });
    this.sealed.add(by);
    for (const reader of this.inGroup()) {
      if (reader === by || reader.island !== by.island) continue;
      this.#attempt(`  and ${reader.name} hears it`, () => openGossip(reader.db, message));
      this.touched.add(reader);
    }
  }

  /** Delivers a bundle in flight, and perhaps leaves it in flight, to come again. */
  deliver(index: number, again = false): void {
    const flight = this.network.take(index);
    if (flight === null) return;
    this.tell(`${flight.to.name} receives a bundle`);
    applyEvents(flight.to.db, [flight.bundle]);
    this.touched.add(flight.to);
    if (again) this.network.repeat(flight);
  }

  lose(index: number): void {
    if (this.network.take(index) !== null) this.tell('a bundle is lost');
  }

  /** One peer asks another one for what it lacks. */
  sync(name: string, fromName: string): void {
    const [peer, from] = [this.peer(name), this.peer(fromName)];
    if (peer.island !== from.island || !peer.inGroup || !from.inGroup) return;
    this.tell(`${name} asks ${fromName} for what is new`);
    applyEvents(peer.db, eventsSince(from.db, peer.tips()));
    this.touched.add(peer);
  }

  /** From now on those named hear only each other, and so do all others. */
  part(names: readonly string[]): void {
    this.tell(`the network parts: ${names.join(', ')} are by themselves`);
    for (const peer of this.peers) peer.island = names.includes(peer.name) ? 1 : 0;
  }

  heal(): void {
    this.tell('the network heals');
    for (const peer of this.peers) peer.island = 0;
  }

  backUp(name: string): void {
    this.tell(`${name} makes a backup`);
    this.peer(name).backUp();
  }

  async restore(name: string): Promise<void> {
    this.tell(`${name} crashes and comes back with an old backup`);
    await this.peer(name).restore();
    this.touched.add(this.peer(name));
  }

  turnClock(name: string, error: number): void {
    this.tell(`the clock of ${name} is off by ${error} seconds`);
    this.peer(name).clockError = error;
  }

  /** Every peer tells every other one everything, until nobody learns anything. */
  exchangeEverything(): void {
    this.heal();
    this.tell('everyone hears everything');
    const peers = this.inGroup();
    // More than once, since what arrives may free events that only one peer has, waiting for it.
    while (this.#exchangeOnce(peers));
    // What is known may lack its envelope yet, which a list of known events cannot say.
    for (const peer of peers) if (this.#lacksSecret(peer)) this.#askEveryone(peer);
    for (const peer of peers) this.touched.add(peer);
  }

  /** One peer hears everything from all others, and they from it; whether anyone learned anything. */
  #exchangeOnce([hub, ...others]: readonly Peer[]): boolean {
    if (hub === undefined) return false;
    let learned = false;
    const take = (peer: Peer, bundles: readonly Uint8Array[]) => {
      const { results } = applyEvents(peer.db, bundles);
      learned ||= results.some(({ outcome }) => outcome === 'applied');
    };
    for (const peer of others) take(hub, eventsSince(peer.db, hub.tips()));
    for (const peer of others) take(peer, eventsSince(hub.db, peer.tips()));
    return learned;
  }

  /** Whether a member has no secret of the present epoch, since its envelope is bad or did not come. */
  get someoneLacksSecret(): boolean {
    return this.inGroup().some((peer) => this.#lacksSecret(peer));
  }

  #lacksSecret({ db, isMember }: Peer): boolean {
    const head = findHead(db);
    return isMember && db.sql.get('SELECT 1 FROM mesh_secret WHERE event_id = ?', [head?.id ?? null]) === undefined;
  }

  #askEveryone(peer: Peer): void {
    for (const other of this.inGroup()) if (other !== peer) applyEvents(peer.db, eventsSince(other.db));
  }

  /** Whether the envelope of an event is of no use to a peer. */
  isSpoiledFor(peer: Peer, eventId: Uint8Array): boolean {
    const victim = this.spoiled.get(toHex(eventId));
    return victim === null || victim === peer;
  }
}
