/**
 * What tests have a page or a worker do with databases, which have names of one run.
 *
 * @module
 */
import {
  deleteDatabase,
  initIdentity,
  type MeshDatabase,
  MeshError,
  type OpenDatabaseOptions,
  openDatabase,
  type PlaceName,
  recoverDatabase,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../../src/index.js';
import { changeDataKey } from '../../../src/store/secrets/change-passphrase.js';
import { newDataKey } from '../../../src/store/secrets/data-key.js';
import { damage, damageLatest, inspect, makeForeign, stealLock, tamper } from './sabotage.js';

/** How many rows a state has, and how long each is: about twenty blocks. */
const ROWS = 40;
const ROW_BYTES = 8_000;

const databases = new Map<string, MeshDatabase>();
/** The codes of the publish failures that were told of. */
const failures: string[] = [];

function open(id: string): MeshDatabase {
  const db = databases.get(id);
  if (db === undefined) throw new Error(`${id} is not open`);
  return db;
}

function fill(id: string, n: number): void {
  const db = open(id);
  db.transaction(() => {
    for (let row = 0; row < ROWS; row++) {
      const value = new Uint8Array(ROW_BYTES).fill(n % 256);
      new DataView(value.buffer).setUint32(0, n);
      db.sql.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', [`row ${row}`, value]);
    }
  });
}

/** The numbers that the rows carry, each once: one number in a state that is whole. */
function numbers(id: string): number[] {
  const rows = open(id).sql.all("SELECT value FROM meta WHERE key LIKE 'row %'");
  const found = rows.map(({ value }) => {
    const bytes = value as Uint8Array;
    const n = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    return bytes.subarray(4).every((byte) => byte === n % 256) ? n : -1;
  });
  return [...new Set(found)];
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Adds so many bytes that nothing shortens, as one row. */
function grow(id: string, bytes: number): void {
  const value = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(value.subarray(at, at + 65_536));
  open(id).sql.run("INSERT OR REPLACE INTO meta VALUES ('growth', ?)", [value]);
}

/** Founds a group, moves it on twice, and says something. */
function found(id: string): void {
  const db = open(id);
  initIdentity(db, { groupName: 'orchard', memberId: 'ada' });
  setEnabled(db, true);
  rotateEpoch(db);
  rotateEpoch(db);
  sealGossip(db, new TextEncoder().encode('the oak is sound'));
}

function verify(id: string): { ok: boolean; events: number; messages: number } {
  const { ok, events } = verifyHistory(open(id));
  const messages = Number(open(id).sql.get('SELECT count(*) AS n FROM mesh_gossip')?.n);
  return { ok, events, messages };
}

export const operations = {
  async open(id: string, options: OpenDatabaseOptions) {
    const onPublishFailure = (error: MeshError) => failures.push(error.code);
    databases.set(id, await openDatabase({ ...options, onPublishFailure }));
  },
  async openCopy(id: string, of: string, options: OpenDatabaseOptions) {
    databases.set(id, await openDatabase({ ...options, bytes: open(of).export() }));
  },
  fill,
  numbers,
  grow,
  grown: (id: string) => open(id).sql.get("SELECT length(value) AS size FROM meta WHERE key = 'growth'")?.size ?? 0,
  durable: (id: string) => open(id).durable(),
  async close(id: string) {
    open(id).close();
    await open(id).closed;
  },
  closeOnly: (id: string) => open(id).close(),
  lineage: (id: string) => [...open(id).lineage].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  shrink(id: string) {
    grow(id, 10);
    open(id).compact();
  },
  failures: () => failures,
  found,
  verify,
  /** Changes the passphrase, to one that is cheap to try. */
  async protect(id: string, passphrase: string) {
    await changeDataKey(open(id), await newDataKey(passphrase, { memory: 8, passes: 1, lanes: 1 }));
  },
  recover: (name: PlaceName, dryRun: boolean) => recoverDatabase(name, { dryRun }),
  remove: (name: PlaceName) => deleteDatabase(name),
  stealLock,
  tamper,
  makeForeign,
  damage,
  damageLatest,
  inspect,
  /** Fills with one number after the other for ever, and reports each when it is on disk. */
  async run(id: string, first: number, report: (n: number) => void) {
    for (let n = first; ; n++) {
      fill(id, n);
      void open(id)
        .durable()
        .then(() => report(n));
      await pause(n % 3 === 0 ? 5 : 0);
    }
  },
} as const;

/** Names an operation. */
export type OperationName = keyof typeof operations;

/** What became of an operation. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
}

/** Runs an operation; `run` does not end. */
export async function perform(
  name: OperationName,
  args: readonly unknown[],
  report: (n: number) => void,
): Promise<Outcome> {
  const operation = operations[name] as (...args: readonly unknown[]) => unknown;
  try {
    if (name === 'run') {
      void operation(...args, report);
      return {};
    }
    return { value: await operation(...args) };
  } catch (error) {
    const { name: type, message } = error as Error;
    return { error: { name: type, message, code: error instanceof MeshError ? error.code : '' } };
  }
}
