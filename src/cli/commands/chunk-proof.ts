/**
 * `prove` and `check`: that a chunk stands at its place of a document.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import {
  checkChunkProof,
  digestSource,
  encodeChunkProof,
  type MerkleCommitment,
  MerkleTree,
  type ProvenPlace,
  records,
} from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { readPieces } from '../document-files.js';
import { canonicalizationOption, chunkerOption, type ReadingOptions, readingNote } from '../document-options.js';
import { CommandFailure } from '../failure.js';
import { count, displayText, type Style, shortId } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { parseCount, parseId } from '../option-values.js';
import { formatFields } from '../table.js';

interface ProveOptions extends ReadingOptions, OutOptions {
  readonly chunk: number;
}

/** `prove FILE --chunk N [--chunker C] [--canonicalization C] [--out FILE]`. */
export function proveCommand(io: CommandIo): Command {
  return new Command('prove')
    .summary('prove that a chunk is part of a document')
    .description('Prints one chunk of a document with the proof of its place. Needs no database.')
    .argument('<file>', 'the document')
    .requiredOption('--chunk <n>', 'which chunk, counted from 0', parseCount)
    .addOption(canonicalizationOption())
    .addOption(chunkerOption())
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [readingNote, 'Whoever knows the root and the number of chunks can check it with `arborist check`.'],
        examples: [['arborist prove book.txt --chunk 7 > proof.txt', 'the eighth chunk']],
        json: {
          documentRoot: 'the root, base64url',
          leafCount: 'number of chunks',
          index: 'the chunk',
          proof: 'chunk and proof, base64url',
        },
      }),
    )
    .action(async (path: string, { chunk: index, out, ...options }: ProveOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out === undefined ? {} : { out }, async () => {
        const { tree, chunk } = await readChunk(path, index, options);
        const proof = encodeChunkProof(tree, tree.proof(index), chunk);
        const { documentRoot, leafCount } = tree;
        return {
          bytes: proof,
          document: { documentRoot, leafCount, index, proof },
          remarks: [`Chunk ${index} of ${leafCount}, ${count(chunk.length, 'byte')}.`],
        };
      });
    });
}

async function readChunk(path: string, wanted: number, options: ReadingOptions) {
  let chunk: Uint8Array | undefined;
  const { leaves, leafCount } = await digestSource(readPieces(path), {
    ...options,
    onChunk: (bytes, index) => {
      if (index === wanted) chunk = bytes;
    },
  });
  if (chunk === undefined) {
    throw new CommandFailure('no-such-chunk', `${path} has ${count(leafCount, 'chunk')}, counted from 0`);
  }
  return { tree: new MerkleTree(leaves), chunk };
}

interface CheckOptions {
  readonly root?: Uint8Array;
  readonly leaves?: number;
}

/** `check PROOF [--root ROOT --leaves N]`. */
export function checkCommand(io: CommandIo): Command {
  return new Command('check')
    .summary('check the proof of a chunk')
    .description('Checks that a chunk is part of a document that a record, or you, vouch for.')
    .argument('<proof>', 'what `prove` printed')
    .option('--root <root>', 'the root of the document, as `root` prints it', parseId)
    .option('--leaves <n>', 'its number of chunks', parseCount)
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('PROOF'),
          'Without --root and --leaves, a record in the database must vouch for the document. Both are needed: a root alone fits documents of several lengths.',
        ],
        examples: [
          ['arborist check proof.txt', 'against the records here'],
          ['arborist check proof.txt --root ROOT --leaves 12', 'without a database'],
        ],
        json: {
          documentRoot: 'the root, base64url',
          leafCount: 'number of chunks',
          index: 'the chunk, counted from 0',
          chunk: 'its bytes, base64url',
          vouchers: 'records of the document, if they were asked: recordId, author, uri',
        },
      }),
    )
    .action(async (argument: string, { root, leaves }: CheckOptions, command: Command) => {
      const call = new CommandCall(io, command);
      if ((root === undefined) !== (leaves === undefined)) call.wrongUsage('--root and --leaves belong together');
      const proof = await readBytesArgument(io, 'PROOF', argument);
      const trusted =
        root === undefined || leaves === undefined ? undefined : { documentRoot: root, leafCount: leaves };
      const proven = checkChunkProof(proof, trusted);
      const vouchers = trusted === undefined ? await findVouchers(call, proven) : [];
      const { documentRoot, leafCount, index, chunk } = proven;
      await call.answer({ documentRoot, leafCount, index, chunk, vouchers }, () =>
        provenLines(proven, vouchers, call.style),
      );
    });
}

interface Vouching {
  readonly recordId: Uint8Array;
  readonly author: string;
  readonly uri: string;
}

const nobody = () =>
  new CommandFailure(
    'no-voucher',
    'the proof holds by itself, but no record here vouches for its document',
    'give what you know of it with: --root ROOT --leaves N',
  );

async function findVouchers(call: CommandCall, { documentRoot, leafCount }: MerkleCommitment): Promise<Vouching[]> {
  if (!existsSync(call.databaseFile)) throw nobody();
  const isSame = (record: MerkleCommitment) =>
    record.leafCount === leafCount && record.documentRoot.every((byte, i) => byte === documentRoot[i]);
  const found = await call.withDatabase('read', (db) => records(db).filter(isSame));
  if (found.length === 0) throw nobody();
  return found.map(({ recordId, author, uri }) => ({ recordId, author, uri }));
}

function provenLines(
  { documentRoot, leafCount, index, chunk }: ProvenPlace,
  vouchers: readonly Vouching[],
  style: Style,
): string[] {
  return formatFields(
    [
      ['Proven', style.good(`chunk ${index} of ${leafCount}, ${count(chunk.length, 'byte')}`)],
      ['Root', shortId(documentRoot)],
      ...vouchers.map(({ author, uri, recordId }): [string, string] => [
        'Vouched for',
        `by ${displayText(author)} as ${displayText(uri)} ${style.dim(shortId(recordId))}`,
      ]),
    ],
    style,
  );
}
