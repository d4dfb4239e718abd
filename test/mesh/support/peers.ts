/** Peers with real databases in memory, and the few steps that most tests begin with. */
import {
  type AddMemberOptions,
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  initIdentity,
  type MeshDatabase,
  openDatabase,
  requestJoin,
  setEnabled,
} from '../../../src/index.js';

/** The time at which every test begins, in seconds. */
export const START = 1_800_000_000;

/** A clock that a test can turn. */
export interface Clock {
  seconds: number;
}

/** An empty database in memory. */
export function openPeer(clock: Clock = { seconds: START }): Promise<MeshDatabase> {
  return openDatabase({ now: () => clock.seconds });
}

/** A peer that founded a group and is enabled. */
export async function openFounder(memberId = 'ada', clock?: Clock): Promise<MeshDatabase> {
  const db = await openPeer(clock);
  initIdentity(db, { groupName: 'orchard', memberId });
  setEnabled(db, true);
  return db;
}

/** Lets a peer join through an admin, and hands the add to the others. Gives the add. */
export function join(
  admin: MeshDatabase,
  joiner: MeshDatabase,
  memberId: string,
  { others = [], ...options }: AddMemberOptions & { others?: readonly MeshDatabase[] } = {},
) {
  const { invite } = createInvite(admin);
  const { request } = requestJoin(joiner, invite, { memberId });
  const added = addMember(admin, request, options);
  acceptWelcome(joiner, added.welcome);
  setEnabled(joiner, true);
  deliver(added.bundle, others);
  return added;
}

/** Hands a bundle to peers. */
export function deliver(bundle: Uint8Array, peers: readonly MeshDatabase[]): void {
  for (const peer of peers) applyEvents(peer, [bundle]);
}

/** A group of peers by name; the first is the founder, `admins` of the others are admins. */
export async function openGroup<Name extends string>(
  names: readonly Name[],
  admins: readonly Name[] = [],
): Promise<Record<Name, MeshDatabase>> {
  const [founderName, ...rest] = names as readonly [Name, ...Name[]];
  const founder = await openFounder(founderName);
  const peers = { [founderName]: founder } as Record<Name, MeshDatabase>;
  for (const name of rest) {
    const others = Object.values<MeshDatabase>(peers).filter((peer) => peer !== founder);
    const peer = await openPeer();
    join(founder, peer, name, { role: admins.includes(name) ? 'admin' : 'member', others });
    peers[name] = peer;
  }
  return peers;
}
