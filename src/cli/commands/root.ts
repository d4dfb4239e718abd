/**
 * `root`: computes the roots of documents, with no database.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../codec/base64url.js';
import { type DocumentDigest, digestSource } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { findFiles, readPieces } from '../document-files.js';
import { canonicalizationOption, chunkerOption, type ReadingOptions, readingNote } from '../document-options.js';
import { CommandFailure, describeFailure } from '../failure.js';
import { count, displayText } from '../format.js';
import { helpSections } from '../help.js';
import { ProgressBar } from '../progress.js';
import { describeUnread, tellUnread, type Unread } from './unread-files.js';

/** `root FILE… [--chunker C] [--canonicalization C]`. */
export function rootCommand(io: CommandIo): Command {
  return new Command('root')
    .summary('print the roots of documents')
    .description('Prints the root of each document, its number of chunks and its name. Needs no database.')
    .argument('<file...>', 'files, or folders with all that is in them')
    .addOption(canonicalizationOption())
    .addOption(chunkerOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          readingNote,
          'What cannot be read, or is not text, is reported; the others count all the same, and the exit code is 1.',
        ],
        examples: [
          ['arborist root README.md', 'one document'],
          ['arborist root docs --chunker fixed/1:size=4096', 'a whole folder'],
        ],
        json: {
          documents: 'for each file, documentRoot, leafCount, contentLength, contentSha256; bytes as base64url',
          unread: 'for each file that gave no document file, code, message',
        },
      }),
    )
    .action(async (paths: string[], options: ReadingOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const { documents, unread } = await digestFiles(call, paths, options);
      await tellUnread(call, unread);
      await call.answer({ documents: documents.map(describe), unread: unread.map(describeUnread) }, () =>
        documents.map(
          ({ file, digest }) => `${base64urlEncode(digest.documentRoot)}  ${digest.leafCount}  ${displayText(file)}`,
        ),
      );
      if (unread.length > 0) throw new CommandFailure('files-unread', `${count(unread.length, 'file')} not read`);
    });
}

interface Digested {
  readonly file: string;
  readonly digest: DocumentDigest;
}

async function digestFiles(call: CommandCall, paths: readonly string[], options: ReadingOptions) {
  const found = [...findFiles(paths)];
  const bar = new ProgressBar(
    call,
    found.reduce((sum, file) => sum + ('error' in file ? 0 : file.size), 0),
  );
  const documents: Digested[] = [];
  const unread: Unread[] = [];
  for (const file of found) {
    try {
      if ('error' in file) throw file.error;
      const source = readPieces(file.path, { size: file.size, onPiece: (length) => bar.add(length) });
      documents.push({ file: file.path, digest: await digestSource(source, options) });
    } catch (error) {
      unread.push({ path: file.path, failure: describeFailure(error) });
    }
  }
  bar.end();
  return { documents, unread };
}

function describe({ file, digest }: Digested): object {
  const { documentRoot, leafCount, contentLength, contentSha256 } = digest;
  return { file, documentRoot, leafCount, contentLength, contentSha256 };
}
