// @ts-check
/**
 * A peer in a process of its own, for Node, Deno and Bun: takes commands as lines of JSON on standard input, and answers
 * each with a line of JSON. To what every runtime can do come files and servers.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { base64urlEncode as textOf } from '../../../dist/codec/base64url.js';
import { serveMesh } from '../../../dist/wire/index.js';
import { commands, peer, perform } from './peer-commands.mjs';

/** @type {import('../../../dist/wire/index.js').RunningServer | undefined} */
let server;

const addressOf = (/** @type {NonNullable<typeof server>} */ { url, certPin }) => ({
  url,
  certPin: certPin && textOf(certPin),
});

/** @type {Record<string, (...args: any[]) => unknown>} */
const own = {
  ...commands,
  open: (/** @type {string} */ file) => commands.open?.({ file }),
  async serve(/** @type {import('../../../dist/wire/index.js').ServeOptions} */ options) {
    server = await serveMesh(peer.db, options);
    return addressOf(server);
  },
  async unserve() {
    await server?.close();
  },
  invite(/** @type {string} */ role = 'member') {
    const { url, certPin } = addressOf(/** @type {NonNullable<typeof server>} */ (server));
    return commands.inviteTo?.(url, certPin, role);
  },
  backup: (/** @type {string} */ file) => peer.db.backup(file, { replace: true }),
  memory: () => process.memoryUsage().rss,
  async close() {
    await peer.gossip?.stop();
    await server?.close();
    peer.db.close();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await perform(JSON.parse(line), own))}\n`);
}
