/**
 * The options that say how documents are read: `--canonicalization` and `--chunker`.
 *
 * @module
 */
import { InvalidArgumentError, Option } from 'commander';
import { type Canonicalization, type Chunker, DEFAULT_CHUNKER } from '../index.js';
import { DEFAULT_CANONICALIZATION } from '../records/canonicalize.js';
import { requireChunker } from '../records/chunkers.js';

/** What the options amount to. */
export interface ReadingOptions {
  readonly canonicalization: Canonicalization;
  readonly chunker: Chunker;
}

/** `--canonicalization NAME`. */
export function canonicalizationOption(): Option {
  return new Option('--canonicalization <name>', 'what is done to the bytes first')
    .choices(['text-nfc-lf/1', 'bytes/1'])
    .default(DEFAULT_CANONICALIZATION);
}

/** `--chunker NAME:PARAMETERS`. */
export function chunkerOption(): Option {
  return new Option('--chunker <chunker>', 'how they are cut')
    .default(DEFAULT_CHUNKER, formatChunker(DEFAULT_CHUNKER))
    .argParser(parseChunker);
}

/** A note on both, for the help of a command. */
export const readingNote =
  'Roots are the same only under the same canonicalization and chunker. Text is UTF-8 in any normalization and with any line ' +
  'ends; bytes/1 takes any file as it is. Chunkers, with lengths in bytes: fixed/1:size=65536, paragraph/1:min=1024,max=65536, ' +
  'fastcdc/1:min=4096,avg=16384,max=65536.';

/** The chunker as `--chunker` takes it. */
export function formatChunker({ name, ...parameters }: Chunker): string {
  return `${name}:${Object.entries(parameters)
    .map(([parameter, value]) => `${parameter}=${value}`)
    .join(',')}`;
}

/** `NAME:PARAMETER=NUMBER,…`; the default chunker's parameters may be left out. */
function parseChunker(text: string): Chunker {
  if (text === DEFAULT_CHUNKER.name) return DEFAULT_CHUNKER;
  const [name, parameters = ''] = text.split(/:(.*)/s);
  const values = parameters.split(',').map((part) => {
    const [, parameter = '', value = ''] = /^([a-z]+)=(\d{1,9})$/.exec(part) ?? [];
    return [parameter, Number(value)] as const;
  });
  const given = { ...Object.fromEntries(values), name };
  try {
    const chunker = requireChunker(given as unknown as Chunker);
    if (Object.keys(chunker).length === values.length + 1) return chunker;
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  throw new InvalidArgumentError('Expected a chunker with its parameters, such as fixed/1:size=65536.');
}
