// @ts-check
/**
 * The main job: three peers with a database file each, from keys to a sealed message that a kicked peer cannot read.
 *
 *     npm start                  on this repository's documents
 *     npm start -- FILE…         on your own
 *     npm start -- --wire        with three processes, over TLS on loopback
 *
 * Exit code 0 if every expectation holds, 1 if one fails, 2 if a document cannot be read.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocuments } from './documents.mjs';
import { bold, Narrator } from './narrator.mjs';
import { tellStory } from './story.mjs';
import { tellWireStory } from './wire-story.mjs';

/** @param {string[]} files */
function documentsOrExit(files) {
  try {
    return readDocuments(files);
  } catch (error) {
    process.stderr.write(`cannot read a document: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

const args = process.argv.slice(2);
const overWire = args[0] === '--wire';
const documents = documentsOrExit(overWire ? args.slice(1) : args);
const folder = mkdtempSync(join(tmpdir(), 'arborist-mesh-'));
const narrator = new Narrator();

narrator.say(bold('arborist-mesh: three peers, one roster, nobody in the middle'));
narrator.say(`databases in ${folder}`);
if (overWire) {
  const [first] = documents;
  await tellWireStory({ folder, narrator, document: first?.bytes ?? new Uint8Array(1) });
} else {
  await tellStory({ folder, documents, narrator });
}
process.exitCode = narrator.verdict() ? 0 : 1;
