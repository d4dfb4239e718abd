/**
 * `ingest`: reads documents and signs a record of each.
 *
 * @module
 */
import { Command, Option } from 'commander';
import { type DocumentToIngest, type IngestOptions, ingestAll, type MeshRecord } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { type DocumentFile, findFiles, readPieces, uriOf } from '../document-files.js';
import { canonicalizationOption, chunkerOption, type ReadingOptions, readingNote } from '../document-options.js';
import { CommandFailure, describeFailure } from '../failure.js';
import { count, displayText, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { ProgressBar } from '../progress.js';
import { formatTable } from '../table.js';
import { describeUnread, tellUnread, type Unread } from './unread-files.js';

interface IngestCommandOptions extends ReadingOptions {
  readonly uri?: string;
  readonly store: NonNullable<IngestOptions['store']>;
}

/** `ingest FILE… [--uri URI] [--chunker C] [--canonicalization C] [--store WHAT]`. */
export function ingestCommand(io: CommandIo): Command {
  return new Command('ingest')
    .summary('read documents and sign a record of each')
    .description('Reads documents, computes their roots, and signs a record of each as this peer.')
    .argument('<file...>', 'files, or folders with all that is in them')
    .option('--uri <uri>', 'the URI of the document, or that of the folder')
    .addOption(canonicalizationOption())
    .addOption(chunkerOption())
    .addOption(new Option('--store <what>', 'what is kept').choices(['hashes', 'chunks']).default('hashes'))
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'Peers compare records of the same URI. Without --uri that is the path as it stands here; below a folder, names that begin with a dot are passed over.',
          readingNote,
          'With --store chunks the database keeps the documents themselves as well, so that others can fetch them from this peer chunk by chunk.',
          'What cannot be read, or is not text, is reported; the others are ingested all the same, and the exit code is 1. What has a record already gets no second one.',
        ],
        examples: [
          ['arborist ingest notes.txt', 'one document'],
          ['arborist ingest docs --uri https://example.org', 'a whole folder'],
        ],
        json: {
          records: 'for each document file, recordId, uri, documentRoot, leafCount, contentLength, contentSha256',
          unread: 'for each file that was not ingested file, code, message',
        },
      }),
    )
    .action(async (paths: string[], options: IngestCommandOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const { ingested, unread } = await ingestFiles(call, paths, options);
      await tellUnread(call, unread);
      await call.answer({ records: ingested.map(describe), unread: unread.map(describeUnread) }, () =>
        formatTable(
          ['RECORD', 'ROOT', 'CHUNKS', 'BYTES', 'URI'],
          ingested.map(({ record }) => [
            shortId(record.recordId),
            shortId(record.documentRoot),
            String(record.leafCount),
            String(record.contentLength),
            displayText(record.uri),
          ]),
          call.style,
        ),
      );
      if (unread.length > 0) throw new CommandFailure('files-unread', `${count(unread.length, 'file')} not ingested`);
    });
}

interface Ingested {
  readonly file: string;
  readonly record: MeshRecord;
}

async function ingestFiles(
  call: CommandCall,
  paths: readonly string[],
  { uri, ...options }: IngestCommandOptions,
): Promise<{ ingested: Ingested[]; unread: Unread[] }> {
  const found = [...findFiles(paths)];
  const unread: Unread[] = found.flatMap((file) =>
    'error' in file ? [{ path: file.path, failure: describeFailure(file.error) }] : [],
  );
  const files = found.flatMap((file) => ('error' in file ? [] : [file]));
  const bar = new ProgressBar(
    call,
    files.reduce((sum, { size }) => sum + size, 0),
  );
  const documents = files.map((file): DocumentToIngest & { readonly file: DocumentFile } => ({
    file,
    uri: uriOf(file, uri, paths.length === 1),
    source: () => readPieces(file.path, { size: file.size, onPiece: (length) => bar.add(length) }),
  }));
  const results = await call.withDatabase('write', (db) => ingestAll(db, documents, options));
  bar.end();
  const ingested: Ingested[] = [];
  for (const [i, { record, error }] of results.entries()) {
    const { path } = (documents[i] as (typeof documents)[number]).file;
    if (record !== null) ingested.push({ file: path, record });
    else unread.push({ path, failure: describeFailure(error) });
  }
  return { ingested, unread };
}

function describe({ file, record }: Ingested): object {
  const { recordId, uri, documentRoot, leafCount, contentLength, contentSha256 } = record;
  return { file, recordId, uri, documentRoot, leafCount, contentLength, contentSha256 };
}
