// @ts-check
/**
 * One peer of the corpus: ingests the listed files into its database, publishes a record of each text, writes the messages beside the
 * database, and prints what it found. Runs in Node, Deno and Bun.
 *
 *     peer.mjs DATABASE LIST
 */
import { Buffer } from 'node:buffer';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { InvalidDocumentError, ingestAll, openDatabase, publishRecord } from 'arborist-mesh';

/**
 * @typedef {object} Ingested
 * @property {string} version of the runtime
 * @property {number} texts
 * @property {number} bytes of the canonical texts
 * @property {readonly (readonly [file: string, rule: string])[]} refused files that are no text, and why
 * @property {number} milliseconds that ingesting took
 * @property {string} messages the file with the messages, one a line
 */

const [database = '', list = ''] = process.argv.slice(2);
/** @type {string[]} */
const files = JSON.parse(readFileSync(list, 'utf8'));
const db = await openDatabase({ file: database });

const started = performance.now();
const results = await ingestAll(
  db,
  files.map((file) => ({
    uri: file.normalize('NFC'),
    source: () => createReadStream(file),
  })),
);
const milliseconds = performance.now() - started;

const refused = results.flatMap(({ uri, error }) => {
  if (error === null) return [];
  if (error instanceof InvalidDocumentError) return [[uri, error.rule]];
  throw error;
});
const records = results.flatMap(({ record }) => (record === null ? [] : [record]));
const messages = db.transaction(() => records.map(({ recordId }) => publishRecord(db, recordId)));
const file = `${database}.messages`;
writeFileSync(file, `${messages.map((message) => Buffer.from(message).toString('base64url')).join('\n')}\n`);
db.close();

const { bun, deno, node } = process.versions;
const found = {
  version: bun ?? deno ?? node,
  texts: records.length,
  bytes: records.reduce((sum, { contentLength }) => sum + contentLength, 0),
  refused,
  milliseconds,
  messages: basename(file),
};
process.stdout.write(JSON.stringify(found));
