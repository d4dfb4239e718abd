// @ts-check
/**
 * The main job: three peers with a database file each, from keys to a sealed message that a kicked peer cannot read.
 *
 *     npm start                  on this repository's documents
 *     npm start -- FILE…         on your own
 *
 * Exit code 0 if every expectation holds, 1 if one fails, 2 if a document cannot be read.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocuments } from './documents.mjs';
import { bold, Narrator } from './narrator.mjs';
import { tellStory } from './story.mjs';

/** @param {string[]} files */
function documentsOrExit(files) {
  try {
    return readDocuments(files);
  } catch (error) {
    process.stderr.write(`cannot read a document: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

const documents = documentsOrExit(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'arborist-mesh-'));
const narrator = new Narrator();

narrator.say(bold('arborist-mesh: three peers, one roster, nobody in the middle'));
narrator.say(`databases in ${folder}`);
await tellStory({ folder, documents, narrator });
process.exitCode = narrator.verdict() ? 0 : 1;
