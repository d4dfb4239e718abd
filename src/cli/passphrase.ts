/**
 * Where a passphrase comes from: the file that `ARBORIST_PASSPHRASE_FILE` names, else whoever sits at the terminal. Never
 * from the command line, which other users of the machine can read.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import process from 'node:process';
import type { CommandIo } from './command-io.js';
import { CommandFailure, ioFailure } from './failure.js';

/** The library takes at most 1,024 bytes; with a line end, and one more to see that there are too many. */
const MOST_BYTES = 1027;

/** Whether anyone but the owner may read a file of this user. Others' files are their owners' business, as with ssh. */
function isOpenToOthers({ uid, mode }: Stats): boolean {
  return process.getuid !== undefined && uid === process.getuid() && (mode & 0o077) !== 0;
}

function requirePrivate(file: string, stats: Stats): void {
  if (!isOpenToOthers(stats)) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  throw new CommandFailure(
    'passphrase-file-open',
    `${file}: a passphrase that others can read protects nothing (mode ${mode})`,
    'make it yours alone: chmod 600 FILE',
  );
}

/** The beginning of a file, pipe or device, as long as a passphrase can be. */
function readBeginning(descriptor: number): Uint8Array {
  const bytes = new Uint8Array(MOST_BYTES);
  let length = 0;
  for (let read = -1; read !== 0 && length < MOST_BYTES; length += read) {
    read = readSync(descriptor, bytes, length, MOST_BYTES - length, null);
  }
  return bytes.subarray(0, length);
}

/** The text of a file without one line end. */
function readPassphraseFile(file: string): string {
  let bytes: Uint8Array;
  try {
    const descriptor = openSync(file, 'r');
    try {
      requirePrivate(file, fstatSync(descriptor));
      bytes = readBeginning(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw ioFailure(file, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new CommandFailure('file-error', `${file}: a passphrase must be UTF-8 text`);
  } finally {
    bytes.fill(0);
  }
}

const fileOf = ({ environment }: CommandIo) => environment.ARBORIST_PASSPHRASE_FILE || undefined;

async function ask(io: CommandIo, prompt: string): Promise<string> {
  const answer = await io.askSecret(prompt);
  if (answer === null) {
    throw new CommandFailure(
      'passphrase-required',
      'a passphrase is needed, and there is no terminal to ask for it',
      'put it into a file of yours alone and its name into ARBORIST_PASSPHRASE_FILE',
    );
  }
  return answer;
}

/** The passphrase that `ARBORIST_PASSPHRASE_FILE` names; undefined where it names none. */
export function passphraseFromFile(io: CommandIo): string | undefined {
  const file = fileOf(io);
  return file === undefined ? undefined : readPassphraseFile(file);
}

/** Asks for the passphrase of a database. */
export function askPassphrase(io: CommandIo, database: string): Promise<string> {
  return ask(io, `Passphrase of ${database}: `);
}

/**
 * A new passphrase: from a file, or from the terminal, twice.
 *
 * @param file undefined for the terminal
 */
export async function newPassphrase(io: CommandIo, file: string | undefined): Promise<string> {
  if (file !== undefined) return readPassphraseFile(file);
  const passphrase = await ask(io, 'New passphrase: ');
  if (passphrase === '') throw new CommandFailure('passphrase-empty', 'an empty passphrase protects nothing');
  if ((await ask(io, 'Once more: ')) !== passphrase) {
    throw new CommandFailure('passphrase-mismatch', 'the two were not the same');
  }
  return passphrase;
}

/** The passphrase of a database that is being made. */
export function firstPassphrase(io: CommandIo): Promise<string> {
  return newPassphrase(io, fileOf(io));
}
