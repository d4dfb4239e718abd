/**
 * Arguments that stand for bytes made by the mesh: invites, join requests, welcomes, bundles, messages. One rule for
 * all of them, worded for users in {@link bytesArgumentNote}:
 *
 * 1. `-` is standard input; the name of anything that exists is a file; everything else is base64url text.
 * 2. What a file or standard input holds is raw if its first byte is the head of a CBOR array (0x80 to 0x9f), else
 *    base64url text. Everything the mesh makes is a CBOR array, and no character of base64url lies in that range (nor
 *    does a byte-order mark), so the two cannot be mistaken for each other.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { base64urlDecode } from '../codec/base64url.js';
import type { CommandIo } from './command-io.js';
import { CommandFailure, ioFailure } from './failure.js';
import { readFile, readStandardInput } from './read-bytes.js';

/** The bytes that one argument stands for; white space in base64url text (a wrapped line) is skipped. */
export async function readBytesArgument(io: CommandIo, name: string, argument: string): Promise<Uint8Array> {
  const content = await readSource(io, argument);
  if (content === null) return decodeText(argument, `${name}: no file has this name, and it is not base64url text`);
  if (isRaw(content)) return content;
  const text = contentText(content).replace(/\s+/g, '');
  return decodeText(text, `${describeSource(argument)} holds neither raw bytes of the mesh nor base64url text`);
}

/** As {@link readBytesArgument}, for an argument that may hold several values: one a line as base64url text. */
export async function readBytesListArgument(io: CommandIo, name: string, argument: string): Promise<Uint8Array[]> {
  const content = await readSource(io, argument);
  if (content === null) return [decodeText(argument, `${name}: no file has this name, and it is not base64url text`)];
  if (isRaw(content)) return [content];
  const lines = contentText(content)
    .split(/\s+/)
    .filter((line) => line !== '');
  return lines.map((line) =>
    decodeText(line, `${describeSource(argument)} holds neither raw bytes of the mesh nor lines of base64url text`),
  );
}

/** What the argument names, or null if it names nothing and must be the value itself. */
async function readSource(io: CommandIo, argument: string): Promise<Uint8Array | null> {
  if (argument === '-') return readStandardInput(io);
  return exists(argument) ? readFile(argument) : null;
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Base64url text is often longer than a file name may be.
    if (error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG') return false;
    throw ioFailure(path, error);
  }
}

function describeSource(argument: string): string {
  return argument === '-' ? 'standard input' : argument;
}

function contentText(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

function isRaw(bytes: Uint8Array): boolean {
  const first = bytes[0];
  return first !== undefined && first >= 0x80 && first <= 0x9f;
}

/** The complaint never repeats the text: a mistyped invite still holds its secret. */
function decodeText(text: string, complaint: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = base64urlDecode(text);
  } catch {
    throw new CommandFailure('not-bytes', complaint);
  }
  if (!isRaw(bytes)) throw new CommandFailure('not-bytes', complaint);
  return bytes;
}
