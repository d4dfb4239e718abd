/**
 * Taking in bytes to the end of a stream or a file, but not without end.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import { concatBytes } from '../bytes.js';
import type { CommandIo } from './command-io.js';
import { CommandFailure, ioFailure } from './failure.js';

/** More than the longest welcome takes as text; what is longer was not meant for us. */
const maxInputBytes = 96 * 1024 * 1024;

/** All of standard input; tells a person at a terminal that it is their turn. */
export async function readStandardInput(io: CommandIo): Promise<Uint8Array> {
  if (io.stdin.isTerminal) await io.stderr.write('arborist: reading from the terminal; end with Ctrl-D\n');
  return readAll('standard input', io.stdin.chunks());
}

/** All of a file; pipes and devices have names as well. */
export function readFile(path: string): Promise<Uint8Array> {
  return readAll(path, createReadStream(path));
}

async function readAll(source: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > maxInputBytes) throw new CommandFailure('input-too-long', `${source} holds more than 96 MiB`);
      parts.push(chunk);
    }
  } catch (error) {
    throw ioFailure(source, error);
  }
  return concatBytes(...parts);
}
