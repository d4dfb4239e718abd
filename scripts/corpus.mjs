// @ts-check
/**
 * The proof on a real corpus: peers of one group, each in a JavaScript runtime of its own, ingest every file of the installed packages;
 * then one of them hears of all records, and must see all peers vouch for one root of each text, and refuse the same files.
 *
 *     npm run corpus                  in Node, Deno and Bun, as far as they are installed
 *     npm run corpus -- FOLDER…       on other folders
 *
 * Deno, Bun and other versions of Node come from `npm run conformance -- --install`. Exit code 0 if all agree, 1 if not, 2 if there are
 * fewer than two runtimes.
 */
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  corroboration,
  createInvite,
  eventsSince,
  initIdentity,
  openDatabase,
  receiveGossip,
  requestJoin,
  setEnabled,
  verifyHistory,
} from 'arborist-mesh';
import { runtimeExecutable, scopedExecutable } from '../test/conformance/requirements.mjs';

/**
 * @typedef {{ name: string, executable: string, parameters: readonly string[], environment: Readonly<Record<string, string>> }} Runtime
 * @typedef {import('./corpus/peer.mjs').Ingested} Ingested
 * @typedef {{ runtime: Runtime, database: string, ingested: Ingested }} Peer
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./corpus/peer.mjs', import.meta.url));
const PACKAGES = [
  'node_modules',
  'bench/node_modules',
  'test/browser/node_modules',
  'test/conformance/tools/node_modules',
];

/** What is installed here. @returns {Runtime[]} */
function installedRuntimes() {
  const parameters = ['run', '--no-prompt', '--no-remote', '--cached-only', '--node-modules-dir=manual', '--allow-all'];
  const found = [
    { name: 'Node', executable: process.execPath, parameters: [], environment: {} },
    { name: 'Node 26', executable: runtimeExecutable('node26/bin/node'), parameters: [], environment: {} },
    {
      name: 'Deno',
      executable: scopedExecutable('@deno', 'deno'),
      parameters,
      environment: { DENO_NO_UPDATE_CHECK: '1' },
    },
    {
      name: 'Bun',
      executable: scopedExecutable('@oven', 'bin/bun'),
      parameters: ['run', '--no-install'],
      environment: {},
    },
  ];
  return found.flatMap(({ executable, ...runtime }) => (executable === null ? [] : [{ ...runtime, executable }]));
}

/** All files below the folders but the caches that tools keep there, as paths from the repository. @param {string[]} folders */
function listFiles(folders) {
  const isHidden = (/** @type {string} */ path) => path.split(sep).some((name) => name.startsWith('.'));
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !isHidden(relative(folder, path))),
    )
    .map((path) => relative(ROOT, path))
    .sort();
}

/** A group whose members have a database file for each runtime. @param {string} folder @param {Runtime[]} runtimes */
async function foundGroup(folder, runtimes) {
  const databases = runtimes.map((_, i) => join(folder, `${i}.db`));
  const [founder, ...joiners] = await Promise.all(databases.map((file) => openDatabase({ file })));
  if (founder === undefined) throw new Error('there is no runtime');
  initIdentity(founder, { groupName: 'corpus', memberId: 'peer-0' });
  setEnabled(founder, true);
  for (const [i, joiner] of joiners.entries()) {
    const { request } = requestJoin(joiner, createInvite(founder).invite, { memberId: `peer-${i + 1}` });
    acceptWelcome(joiner, addMember(founder, request).welcome);
    setEnabled(joiner, true);
  }
  // Who joined first has not heard of the later ones; all publish in the same epoch.
  for (const joiner of joiners) applyEvents(joiner, eventsSince(founder));
  for (const db of [founder, ...joiners]) db.close();
  return databases;
}

/** @param {Runtime} runtime @param {string} database @param {string} list @returns {Ingested} */
function ingestIn({ name, executable, parameters, environment }, database, list) {
  const { status, stdout, stderr } = spawnSync(executable, [...parameters, PROGRAM, database, list], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${name} failed: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** @param {number} value */
const figure = (value) => value.toLocaleString('en');

/** Prints what a runtime did. @param {Peer} peer */
function tell({ runtime, database, ingested }) {
  const { version, texts, refused, bytes, milliseconds } = ingested;
  const speed = bytes / 1_000 / milliseconds;
  process.stdout.write(
    `${runtime.name} ${version}: ${figure(texts)} texts, ${figure(bytes)} bytes in ${(milliseconds / 1_000).toFixed(1)} s ` +
      `(${speed.toFixed(0)} MB/s) · ${figure(refused.length)} files are no text · database ${figure(statSync(database).size)} bytes\n`,
  );
}

/** The first peer hears of all records, and looks who vouches for what. @param {string} folder @param {Peer[]} peers */
async function compare(folder, peers) {
  /** @type {string[]} */
  const problems = [];
  const [first, ...others] = peers;
  if (first === undefined) return problems;
  const db = await openDatabase({ file: first.database });
  for (const { runtime, ingested } of others) {
    const lines = readFileSync(join(folder, ingested.messages), 'utf8').trim().split('\n');
    const results = receiveGossip(
      db,
      lines.map((line) => new Uint8Array(Buffer.from(line, 'base64url'))),
    );
    const received = results.filter((result) => result.received !== null).length;
    if (received !== ingested.texts)
      problems.push(`${runtime.name}: ${received} of ${ingested.texts} records were accepted`);
    if (JSON.stringify(ingested.refused) !== JSON.stringify(first.ingested.refused)) {
      problems.push(`${runtime.name} refuses other files than ${first.runtime.name}`);
    }
  }
  for (const { uri } of db.sql.all('SELECT DISTINCT uri FROM mesh_record')) {
    const { documents } = corroboration(db, String(uri));
    if (documents.length !== 1 || documents[0]?.vouchers.length !== peers.length)
      problems.push(`no agreement on ${uri}`);
  }
  const report = verifyHistory(db);
  problems.push(...report.problems);
  process.stdout.write(`${figure(report.records)} records and ${figure(report.messages)} messages verified\n`);
  db.close();
  return problems;
}

const folders = process.argv.slice(2).map((name) => resolve(name));
const files = listFiles(folders.length > 0 ? folders : PACKAGES.map((name) => join(ROOT, name)).filter(existsSync));
const runtimes = installedRuntimes();
const folder = mkdtempSync(join(tmpdir(), 'arborist-corpus-'));
try {
  process.stdout.write(`${figure(files.length)} files\n`);
  const list = join(folder, 'files.json');
  writeFileSync(list, JSON.stringify(files));
  const databases = await foundGroup(folder, runtimes);
  const peers = runtimes.map((runtime, i) => {
    const database = String(databases[i]);
    const peer = { runtime, database, ingested: ingestIn(runtime, database, list) };
    tell(peer);
    return peer;
  });
  const problems = await compare(folder, peers);
  for (const problem of problems.slice(0, 20)) process.stdout.write(`✗ ${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else if (peers.length < 2) process.exitCode = 2;
  process.stdout.write(
    problems.length > 0
      ? `${problems.length} disagreements\n`
      : `${peers.length} peers vouch for the same root of each of ${figure(peers[0]?.ingested.texts ?? 0)} texts\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
