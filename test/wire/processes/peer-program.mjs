// @ts-check
/**
 * A peer in a process of its own, for Node, Deno and Bun: takes commands as lines of JSON on standard input, `[name, …]`, and
 * answers each with a line of JSON, `{ result }` or `{ error: { code, message } }`. Byte arrays are base64url text.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { base64urlDecode as bytesOf, base64urlEncode as textOf } from '../../../dist/codec/base64url.js';
import * as mesh from '../../../dist/index.js';
import * as wire from '../../../dist/wire/index.js';

/** The build is compared with nothing here, so it goes without types. @type {any} */
let db;
/** @type {import('../../../dist/wire/index.js').RunningServer | undefined} */
let server;
/** @type {import('../../../dist/wire/index.js').RunningGossip | undefined} */
let gossip;

/** @type {Record<string, (...args: any[]) => unknown>} */
const commands = {
  async open(/** @type {string} */ file) {
    db = await mesh.openDatabase({ file });
  },
  found(/** @type {string} */ memberId) {
    mesh.initIdentity(db, { groupName: 'orchard', memberId });
    mesh.setEnabled(db, true);
  },
  async serve(/** @type {import('../../../dist/wire/index.js').ServeOptions} */ options) {
    server = await wire.serveMesh(db, options);
    const { url, certPin } = server;
    return { url, certPin: certPin && textOf(certPin) };
  },
  async unserve() {
    await server?.close();
  },
  invite(/** @type {mesh.Role} */ role = 'member') {
    const { url, certPin } = /** @type {NonNullable<typeof server>} */ (server);
    const made = mesh.createInvite(db, { urls: [url], certPins: certPin ? [certPin] : [] });
    wire.openInviteToAll(db, made.inviteId, role);
    return made.invite;
  },
  async join(/** @type {string} */ invite, /** @type {string} */ memberId) {
    await wire.joinGroup(db, invite, { memberId, interval: 200 });
    mesh.setEnabled(db, true);
  },
  gossip(/** @type {{ interval: number }} */ options) {
    gossip = wire.startGossip(db, { ...options, allowPrivate: true });
  },
  async ungossip() {
    await gossip?.stop();
  },
  async sync(/** @type {string} */ url, /** @type {string | null} */ pin) {
    const { received, delivered, exchanges, refused } = await wire.syncWith(db, {
      url,
      certPin: pin === null ? null : bytesOf(pin),
    });
    return { received, delivered, exchanges, refused: refused.length };
  },
  say(/** @type {number} */ count, /** @type {number} */ size) {
    db.transaction(() => {
      for (let i = 0; i < count; i++) mesh.sealGossip(db, new Uint8Array(size));
    });
  },
  rotate: () => void mesh.rotateEpoch(db),
  kick: (/** @type {string} */ memberId) => void mesh.kickMember(db, memberId),
  status() {
    const { group } = mesh.meshStatus(db);
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
  peers: () => wire.endpoints(db).map(({ memberId, url }) => ({ memberId, url })),
  verify: () => mesh.verifyHistory(db).problems,
  backup: (/** @type {string} */ file) => db.backup(file, { replace: true }),
  memory: () => process.memoryUsage().rss,
  async close() {
    await gossip?.stop();
    await server?.close();
    db.close();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await commands[name]?.(...args)) ?? null };
  } catch (error) {
    const { code = 'unknown', message } = /** @type {any} */ (error);
    answer = { error: { code, message } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
