/**
 * The measured process: serves the database of the first argument over TLS on loopback, says where as a line of JSON, and
 * answers each line of input with what it has done and taken so far.
 *
 * @module
 */
import { createInterface } from 'node:readline';
import { openDatabase } from 'arborist-mesh';
import { serveMesh, wireStats } from 'arborist-mesh/wire';
import { hex } from './files.mjs';

const [file = ''] = process.argv.slice(2);
const say = (/** @type {unknown} */ value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const db = await openDatabase({ file });
const { port, certPin } = await serveMesh(db);
say({ port, certPin: hex(certPin ?? new Uint8Array(0)) });
for await (const _ of createInterface({ input: process.stdin })) {
  const { user, system } = process.cpuUsage();
  const { served, refused } = wireStats(db);
  say({
    processorMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage().rss,
    requests: served.sync,
    refused,
  });
}
process.exit();
