/**
 * A process that catches up with everything that a server has, in a database file, through a relay that breaks the
 * connection in the middle: `FILE PORT PIN BYTES`, where the bytes are those after which it breaks. Prints JSON.
 *
 * @module
 */
import { meshStatus, openDatabase } from 'arborist-mesh';
import { syncWith } from 'arborist-mesh/wire';
import { bytesOf } from './files.mjs';
import { openRelay } from './relay.mjs';

const [file = '', port = '', pin, bytes = ''] = process.argv.slice(2);
const db = await openDatabase({ file });
const relay = await openRelay(Number(port));
const peer = { url: `https://127.0.0.1:${relay.port}`, certPin: bytesOf(pin) };
const start = performance.now();
const processor = process.cpuUsage();

let before = 0;
relay.breakAfter(Number(bytes));
const broken = await syncWith(db, peer, {
  onProgress: ({ received }) => {
    before = received.messages;
  },
}).then(
  () => null,
  (error) => String(error.code),
);
const keptAfterBreak = meshStatus(db).group?.messages;
const rest = await syncWith(db, peer);
const elapsedMs = performance.now() - start;
const { user, system } = process.cpuUsage(processor);
const carried = relay.bytes();
const inStep = await syncWith(db, peer);
process.stdout.write(
  JSON.stringify({
    broken,
    before,
    keptAfterBreak,
    after: rest.received.messages,
    refused: rest.refused.length,
    kept: meshStatus(db).group?.messages,
    exchangesInStep: inStep.exchanges,
    carriedBytes: carried.up + carried.down,
    elapsedMs,
    processorMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage().rss,
  }),
);
process.exit();
