/**
 * `npm run load`: a server under load, in a process of its own, reached over TLS on loopback by clients in others: idle
 * synchronizations and such with 1,000 fresh messages, slow connections, a peer that catches up with everything, and the
 * bytes of an idle synchronization. Takes some minutes. With `--folder PATH` the group is kept there, and used if it is there.
 *
 * @module
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { installPackages } from '../install.mjs';

const SLOW_CONNECTIONS = 200;
const MEGABYTE = 1_000_000;

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '20' },
    folder: { type: 'string' },
  },
});

/** @typedef {{ processorMs: number, residentBytes: number, requests: number }} Sample what the server says of itself */
/** @typedef {{ port: number, certPin: string, sample: () => Promise<Sample>, end: () => void }} Server */

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const megabytes = (/** @type {number} */ bytes) => `${(bytes / MEGABYTE).toFixed(0)} MB`;
const fixed = (/** @type {number} */ value, digits = 0) => value.toFixed(digits);
const program = (/** @type {string} */ name) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
const execute = promisify(execFile);

/**
 * Runs one of the clients to its end.
 *
 * @param {string} name
 * @param {readonly (string | number)[]} args
 */
async function run(name, args) {
  const { stdout } = await execute(process.execPath, [program(name), ...args.map(String)]);
  return JSON.parse(stdout);
}

/**
 * @param {string} name
 * @param {readonly (string | number)[]} args
 */
function start(name, args) {
  const child = spawn(process.execPath, [program(name), ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`${name} ended`);
    return JSON.parse(value);
  };
  return { child, read };
}

/**
 * @param {string} folder
 * @returns {Promise<Server>}
 */
async function serve(folder) {
  copyFileSync(`${folder}/server.db`, `${folder}/serving.db`);
  const { child, read } = start('server', [`${folder}/serving.db`]);
  const { port, certPin } = await read();
  const sample = () => {
    child.stdin.write('\n');
    return read();
  };
  return { port, certPin, sample, end: () => child.stdin.end() };
}

/**
 * Founds the group and has its members talk. The last message of each is missing in one of the databases.
 *
 * @param {string} folder
 */
async function make(folder) {
  const { become, makeGroup, speak } = await import('./make-group.mjs');
  const { writeMembers } = await import('./files.mjs');
  const { db, members } = await makeGroup(Number(values.members));
  const [reader] = members.slice(-1);
  if (reader === undefined) throw new Error('a group of one has nobody to talk to');
  const each = Math.ceil(Number(values.messages) / members.length);
  const founder = db.sql.get('SELECT member_id, sign_pub, sign_priv FROM mesh_identity');
  writeMembers(`${folder}/members.json`, members);
  become(db, reader);
  db.backup(`${folder}/behind.db`);
  speak(db, members, { from: 0, to: each - 1 });
  db.backup(`${folder}/lacking.db`);
  speak(db, members, { from: each - 1, to: each });
  db.backup(`${folder}/in-step.db`);
  const { member_id, sign_pub, sign_priv } = founder ?? {};
  db.sql.run('UPDATE mesh_identity SET member_id = ?, sign_pub = ?, sign_priv = ?', [
    member_id ?? null,
    sign_pub ?? null,
    sign_priv ?? null,
  ]);
  db.backup(`${folder}/server.db`);
  const messages = db.sql.get('SELECT count(*) AS count, sum(length(frame)) AS bytes FROM mesh_gossip');
  db.close();
  say(`${members.length + 1} members, ${messages?.count} messages of ${megabytes(Number(messages?.bytes))} in all\n`);
}

/**
 * @param {string} folder
 * @param {Server} server
 * @param {string} database what the clients have
 * @param {number} connections
 */
async function synchronize(folder, server, database, connections) {
  const warm = [folder, database, server.port, server.certPin, connections, 3];
  await run('synchronize', warm);
  const before = await server.sample();
  const done = await run('synchronize', [...warm.slice(0, -1), values.seconds]);
  const after = await server.sample();
  const requests = after.requests - before.requests;
  const processorMs = after.processorMs - before.processorMs;
  return { ...done, requests, processorMs };
}

/**
 * @param {string} folder
 * @param {Server} server
 */
async function measureSynchronizations(folder, server) {
  for (const [what, database] of [
    ['idle', 'in-step.db'],
    ['1,000 fresh messages', 'lacking.db'],
  ]) {
    const { requests, processorMs, syncs, elapsedMs, medianMs, messages } = await synchronize(
      folder,
      server,
      database ?? '',
      8,
    );
    say(
      `${what}: ${fixed((requests / elapsedMs) * 1_000)} requests/s by the clock, ${fixed((requests / processorMs) * 1_000)} for a second of ` +
        `the server's processor time; ${fixed((syncs / elapsedMs) * 1_000, 1)} synchronizations/s, ` +
        `${fixed(processorMs / syncs, 1)} ms of processor time each, ${fixed(messages / syncs)} messages each, median ${fixed(medianMs)} ms at 8 connections`,
    );
  }
}

/**
 * @param {string} folder
 * @param {Server} server
 */
async function measureSlowConnections(folder, server) {
  const calm = await synchronize(folder, server, 'in-step.db', 1);
  const { residentBytes } = await server.sample();
  const slow = start('slow-connections', [folder, server.port, SLOW_CONNECTIONS]);
  let most = 0;
  let peak = 0;
  let last = { open: 0, closed: 0 };
  let watching = true;
  const watch = (async () => {
    while (watching) {
      last = await slow.read();
      most = Math.max(most, last.open);
      peak = Math.max(peak, (await server.sample()).residentBytes);
    }
  })();
  while (most < SLOW_CONNECTIONS * 0.9) await new Promise((resolve) => setTimeout(resolve, 100));
  const busy = await run('synchronize', [folder, 'in-step.db', server.port, server.certPin, 1, values.seconds]);
  watching = false;
  await watch;
  slow.child.stdin.end();
  await once(slow.child, 'close');
  say(
    `${SLOW_CONNECTIONS} slow connections (at most ${most} open at a time, ${last.closed} closed by the server): memory ` +
      `${megabytes(residentBytes)} before, ${megabytes(peak)} at most; a member's idle synchronization ` +
      `${fixed(calm.medianMs, 1)} ms before, ${fixed(busy.medianMs, 1)} ms meanwhile, ${fixed(busy.slowestMs)} ms at most of ${busy.syncs}`,
  );
}

/**
 * @param {string} folder
 * @param {Server} server
 */
async function measureCatchUp(folder, server) {
  copyFileSync(`${folder}/behind.db`, `${folder}/catching-up.db`);
  const before = await server.sample();
  const half = Number(values.messages) * 175;
  const done = await run('catch-up', [`${folder}/catching-up.db`, server.port, server.certPin, half]);
  const after = await server.sample();
  say(
    `catching up: ${fixed(done.elapsedMs / 1_000, 1)} s by the clock, ${fixed(done.processorMs / 1_000, 1)} s of the client's processor ` +
      `time and ${fixed((after.processorMs - before.processorMs) / 1_000, 1)} s of the server's; ${megabytes(done.carriedBytes)} carried, ` +
      `client's memory ${megabytes(done.residentBytes)}; broken (${done.broken}) after ${done.keptAfterBreak} messages, then ` +
      `${done.after} more, ${done.kept} in all, ${done.refused} refused; after that ${done.exchangesInStep} exchange`,
  );
}

/**
 * @param {string} folder
 * @param {Server} server
 */
async function measureIdleBytes(folder, server) {
  copyFileSync(`${folder}/in-step.db`, `${folder}/idle.db`);
  const done = await run('idle-bytes', [`${folder}/idle.db`, server.port, server.certPin]);
  say(
    `an idle synchronization: ${done.exchanges} exchange, bodies of ${done.bodies} bytes, ${done.onOpenConnection} with HTTP and TLS on an ` +
      `open connection, ${done.withHandshake} with the handshake of a new one`,
  );
}

await installPackages(new URL('../', import.meta.url));
const temporary = values.folder === undefined ? mkdtempSync(`${tmpdir()}/arborist-load-`) : undefined;
const folder = values.folder ?? temporary ?? '';
mkdirSync(folder, { recursive: true });
try {
  if (!existsSync(`${folder}/server.db`)) await make(folder);
  const load = () => loadavg()[0]?.toFixed(1);
  say(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}; load ${load()} at the beginning`);
  const server = await serve(folder);
  await measureIdleBytes(folder, server);
  await measureSynchronizations(folder, server);
  await measureSlowConnections(folder, server);
  await measureCatchUp(folder, server);
  say(`load ${load()} at the end`);
  server.end();
} finally {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
}
