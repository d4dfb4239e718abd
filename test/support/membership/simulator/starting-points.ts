/**
 * Groups to start scenarios from, made once: the databases of their peers as bytes.
 *
 * @module
 */
import { applyEvents, eventsSince, type MeshDatabase, meshStatus } from '../../../../src/index.js';
import { join, openFounder, openPeer } from '../../../mesh/support/peers.js';
import { withSeededCrypto } from '../seeded-crypto.js';

/** The database of each peer, by name. */
export type StartingPoint = ReadonlyMap<string, Uint8Array>;

/** Beyond the seeds of scenarios, which would otherwise make the same keys again. */
const SEED = 0x1_0000;

const made = new Map<string, Promise<StartingPoint>>();

async function make(people: readonly string[]): Promise<StartingPoint> {
  const [founderName = 'ada', ...others] = people.map((person) => person.replace('*', ''));
  const founder = await openFounder(founderName);
  const peers = new Map<string, MeshDatabase>([[founderName, founder]]);
  for (const name of others) {
    const peer = await openPeer();
    join(founder, peer, name, { role: people.includes(`${name}*`) ? 'admin' : 'member' });
    peers.set(name, peer);
  }
  const images = new Map<string, Uint8Array>();
  for (const [name, db] of peers) {
    if (db !== founder) applyEvents(db, eventsSince(founder, [meshStatus(db).group?.head as Uint8Array]));
    images.set(name, db.export());
  }
  for (const db of peers.values()) db.close();
  return images;
}

/**
 * A group in which everyone has heard of everyone.
 *
 * @param people names, the founder's first; those with a star are admins: `ada* ben* cleo`
 */
export function startingPoint(people: string): Promise<StartingPoint> {
  let point = made.get(people);
  if (point === undefined) {
    point = withSeededCrypto(SEED, () => make(people.split(' ')));
    made.set(people, point);
  }
  return point;
}
