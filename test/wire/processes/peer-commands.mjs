// @ts-check
/**
 * What a peer of these tests can be told to do in any runtime, as `[name, …]`; it answers with `{ result }` or
 * `{ error: { code, message } }`. All of it is JSON: byte arrays are base64url text.
 */
import { base64urlDecode as bytesOf, base64urlEncode as textOf } from '../../../dist/codec/base64url.js';
import * as mesh from '../../../dist/index.js';
import * as wire from '../../../dist/wire/index.js';

/** What the commands work with. The build is compared with nothing here, so it goes without types. */
export const peer = {
  /** @type {any} */
  db: undefined,
  /** @type {import('../../../dist/wire/index.js').RunningGossip | undefined} */
  gossip: undefined,
};

/** @type {Record<string, (...args: any[]) => unknown>} */
export const commands = {
  async open(/** @type {mesh.OpenDatabaseOptions} */ options = {}) {
    peer.db = await mesh.openDatabase(options);
  },
  found(/** @type {string} */ memberId) {
    mesh.initIdentity(peer.db, { groupName: 'orchard', memberId });
    mesh.setEnabled(peer.db, true);
  },
  inviteTo(/** @type {string} */ url, /** @type {string | null} */ pin, /** @type {mesh.Role} */ role) {
    const made = mesh.createInvite(peer.db, { urls: [url], certPins: pin === null ? [] : [bytesOf(pin)] });
    wire.openInviteToAll(peer.db, made.inviteId, role);
    return made.invite;
  },
  async join(/** @type {string} */ invite, /** @type {string} */ memberId) {
    await wire.joinGroup(peer.db, invite, { memberId, interval: 200 });
    mesh.setEnabled(peer.db, true);
  },
  gossip(/** @type {{ interval: number }} */ options) {
    peer.gossip = wire.startGossip(peer.db, { ...options, allowPrivate: true });
  },
  async ungossip() {
    await peer.gossip?.stop();
  },
  async sync(/** @type {string} */ url, /** @type {string | null} */ pin) {
    const { received, delivered, exchanges, refused } = await wire.syncWith(peer.db, {
      url,
      certPin: pin === null ? null : bytesOf(pin),
    });
    return { received, delivered, exchanges, refused: refused.map(({ what, code }) => `${what}: ${code}`) };
  },
  say(/** @type {number} */ count, /** @type {number} */ size) {
    peer.db.transaction(() => {
      for (let i = 0; i < count; i++) mesh.sealGossip(peer.db, new Uint8Array(size));
    });
  },
  /** Changes what others said, as it is kept here, so that this peer hands on forgeries. */
  forge(/** @type {string} */ memberId) {
    const mid = mesh.roster(peer.db).find((member) => member.memberId === memberId)?.mid;
    const rows = peer.db.sql.all('SELECT arrival, frame FROM mesh_gossip WHERE mid = ?', [mid]);
    peer.db.transaction(() => {
      for (const { arrival, frame } of rows) {
        frame[frame.length - 1] ^= 1;
        peer.db.sql.run('UPDATE mesh_gossip SET frame = ? WHERE arrival = ?', [frame, arrival]);
      }
    });
  },
  rotate: () => void mesh.rotateEpoch(peer.db),
  kick: (/** @type {string} */ memberId) => void mesh.kickMember(peer.db, memberId),
  status() {
    const { group } = mesh.meshStatus(peer.db);
    return (
      group && {
        epoch: group.epoch,
        head: textOf(group.head),
        members: group.members,
        messages: group.messages,
        conflicts: group.conflicts,
      }
    );
  },
  stats: () => wire.wireStats(peer.db),
  peers: () => wire.endpoints(peer.db).map(({ memberId, url }) => ({ memberId, url })),
  verify: () => mesh.verifyHistory(peer.db).problems,
};

/**
 * Does what it is told.
 *
 * @param {readonly [name: string, ...args: any[]]} command
 * @param {Record<string, (...args: any[]) => unknown>} [known]
 */
export async function perform([name, ...args], known = commands) {
  try {
    const command = known[name];
    if (command === undefined) throw new Error(`there is no command ${name}`);
    return { result: (await command(...args)) ?? null };
  } catch (error) {
    const { code = 'unknown', message } = /** @type {any} */ (error);
    return { error: { code, message } };
  }
}
