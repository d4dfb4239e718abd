// @ts-check
/**
 * Ingests a generated document: `ingest-large MEBIBYTES STORE`, with the built package. Prints as JSON the bytes of memory that the
 * process held at most, above what it held with an open database, and what came of it.
 */
import process from 'node:process';
import { ingest, initIdentity, MeshError, openDatabase, records } from 'arborist-mesh';

const MEBIBYTE = 1_048_576;

/** Mebibytes of text, no two of them the same, in one array that is used again and again. @param {number} count */
function* pieces(count) {
  const piece = new Uint8Array(MEBIBYTE);
  for (let index = 0; index < count; index++) {
    const line = new TextEncoder().encode(`${index}: Der Ahorn steht, die Eiche wächst, die Esche fällt.\r\n`);
    for (let at = 0; at + line.length <= MEBIBYTE; at += line.length) piece.set(line, at);
    yield piece.fill(0x20, MEBIBYTE - (MEBIBYTE % line.length));
  }
}

const [mebibytes = '', store = ''] = process.argv.slice(2);
const db = await openDatabase();
initIdentity(db, { groupName: 'orchard' });
// The hasher's tables and the compiled code are there once; they do not grow.
await ingest(db, pieces(1), { uri: 'urn:warm-up' });
const before = process.memoryUsage.rss();
let code = null;
try {
  await ingest(db, pieces(Number(mebibytes)), { uri: 'urn:large', store: /** @type {'chunks' | 'hashes'} */ (store) });
} catch (error) {
  if (!(error instanceof MeshError)) throw error;
  code = error.code;
}
// The kernel's own record of the peak, in KiB.
const growth = process.resourceUsage().maxRSS * 1_024 - before;
const contentLength = records(db, { uri: 'urn:large' })[0]?.contentLength ?? null;
const chunks = db.sql.get('SELECT count(*) AS count FROM mesh_chunk')?.count;
process.stdout.write(JSON.stringify({ growth, contentLength, code, chunks }));
