// @ts-check
/** The documents that the peers seal: those named on the command line, or this repository's own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ name: string, bytes: Uint8Array, sha256: string }} Document */

const OWN = ['README.md', 'docs/protocol.md', 'docs/architecture.md'];

/** SHA-256 in hexadecimal digits. @param {Uint8Array} bytes */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads the documents, at least one.
 *
 * @param {string[]} files names from the command line; none means the repository's own documents
 * @returns {Document[]}
 */
export function readDocuments(files) {
  const chosen = files.length > 0 ? files : OWN.map((name) => fileURLToPath(new URL(`../../${name}`, import.meta.url)));
  return chosen.map((file) => {
    const bytes = new Uint8Array(readFileSync(file));
    return { name: basename(file), bytes, sha256: sha256(bytes) };
  });
}
