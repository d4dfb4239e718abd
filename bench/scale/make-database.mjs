/**
 * Makes the database of a large group's founder, and says what each part of it takes.
 *
 * The events are real and verified one by one. Most carry no envelope: a thousand seals for each of ten thousand epochs would
 * take a quarter of an hour, and pruning would drop them. So their secrets are random bytes in the rows that real ones would
 * take. The last epochs are made by `rotateEpoch`, with envelopes for all members.
 *
 * @module
 */
import { rotateEpoch, sealGossip } from 'arborist-mesh';
import { byteSource } from '../bytes.mjs';
import { foundGroup } from '../suites/jobs/history.mjs';

const PAYLOAD_BYTES = 100;
/** Messages sealed in one transaction. */
const BATCH = 1_000;

/** @typedef {{ epochs: number, members: number, envelopes: number, messages: number }} Scale */
/** @typedef {{ part: string, rows: number, bytes: number }} Part what a part adds to the size of the database */

/**
 * @param {string} file where the database goes
 * @param {Scale} scale
 * @param {(line: string) => void} say
 * @returns {Promise<Part[]>}
 */
export async function makeDatabase(file, { epochs, members, envelopes, messages }, say) {
  /** @type {Part[]} */
  const parts = [];
  let size = 0;
  const grown = (/** @type {string} */ part, /** @type {number} */ rows) => {
    const bytes = db.export().length - size;
    size += bytes;
    parts.push({ part, rows, bytes });
    say(`${part}: ${rows} rows`);
  };

  const { db } = await foundGroup(members, epochs - envelopes);
  grown(`events, ${members} members`, epochs - envelopes);
  putSecrets(db);
  grown('epoch secrets', epochs - envelopes);
  for (let epoch = 0; epoch < envelopes; epoch++) rotateEpoch(db);
  grown(`rotations with their envelopes of ${members} slots`, envelopes);
  const bytes = byteSource(7);
  for (let sealed = 0; sealed < messages; sealed += BATCH) {
    db.transaction(() => {
      for (let index = 0; index < Math.min(BATCH, messages - sealed); index++) sealGossip(db, bytes(PAYLOAD_BYTES));
    });
  }
  grown(`messages of ${PAYLOAD_BYTES} bytes`, messages);
  db.backup(file);
  return parts;
}

/** @param {import('arborist-mesh').MeshDatabase} db */
function putSecrets(db) {
  const bytes = byteSource(5);
  db.transaction(() => {
    for (const { event_id } of db.sql.all('SELECT event_id FROM mesh_event')) {
      db.sql.run('INSERT OR IGNORE INTO mesh_secret (event_id, secret) VALUES (?, ?)', [event_id ?? null, bytes(32)]);
    }
  });
}
