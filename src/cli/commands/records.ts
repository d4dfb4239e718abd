/**
 * `records`: what this peer and others vouch for.
 *
 * @module
 */
import { Command } from 'commander';
import { corroboration, type MeshDatabase, type MeshRecord, records } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { formatChunker } from '../document-options.js';
import { displayText, type Style, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { formatTable } from '../table.js';

/** `records [--uri URI]`. */
export function recordsCommand(io: CommandIo): Command {
  return new Command('records')
    .summary('list the records of documents')
    .description('Lists the records that this peer signed or received, and says where they contradict each other.')
    .option('--uri <uri>', 'only those of this document')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'A record is `verified` once this peer has chunked the content itself and found the same; `false` if it found that the record cannot be true.',
        ],
        examples: [
          ['arborist records', 'all of them'],
          ['arborist records --uri https://example.org/book.txt', 'who vouches for what'],
        ],
        json: {
          records:
            'for each recordId, author, mid, uri, documentRoot, leafCount, contentLength, contentSha256, canonicalization, chunker, createdAt, published, verified (null: not known), chunks (kept here)',
          disputed: 'URIs under which two records cannot both be true of one content',
        },
      }),
    )
    .action(async (options: { readonly uri?: string }, command: Command) => {
      const call = new CommandCall(io, command);
      const { found, disputed } = await call.withDatabase('read', (db) => look(db, options));
      await call.answer({ records: found.map(describe), disputed }, () => recordLines(found, disputed, call.style));
    });
}

function look(db: MeshDatabase, options: { readonly uri?: string }) {
  const found = records(db, options);
  const uris = [...new Set(found.map(({ uri }) => uri))];
  return { found, disputed: uris.filter((uri) => corroboration(db, uri).isDisputed) };
}

function describe({ frame: _, chunker, ...record }: MeshRecord): object {
  const { recordId, author, mid, uri, documentRoot, leafCount, contentLength, contentSha256, canonicalization } =
    record;
  const { createdAt, published, verified, chunks } = record;
  return {
    recordId,
    author,
    mid,
    uri,
    documentRoot,
    leafCount,
    contentLength,
    contentSha256,
    canonicalization,
    chunker: formatChunker(chunker),
    createdAt,
    published,
    verified,
    chunks,
  };
}

function recordLines(found: readonly MeshRecord[], disputed: readonly string[], style: Style): string[] {
  const rows = found.map((record) => [
    shortId(record.recordId),
    displayText(record.author),
    shortId(record.documentRoot),
    `${record.chunks}/${record.leafCount}`,
    stateText(record, style),
    displayText(record.uri),
  ]);
  return [
    ...formatTable(['RECORD', 'AUTHOR', 'ROOT', 'CHUNKS', 'STATE', 'URI'], rows, style),
    ...disputed.map((uri) => style.bad(`Records of ${displayText(uri)} contradict each other.`)),
  ];
}

function stateText({ verified, published }: MeshRecord, style: Style): string {
  if (verified === false) return style.bad('false');
  return `${verified === true ? 'verified' : 'unknown'}${published ? '' : ', not published'}`;
}
