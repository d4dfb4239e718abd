/**
 * From any error to what a person or a program is told: a stable code, one line, and what to do next.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import { displayText } from './format.js';

/** What stands on standard error when a command fails. */
export interface Failure {
  /** A stable identifier, for programs. */
  readonly code: string;
  /** One line for people. */
  readonly message: string;
  /** What to do next, where there is something to do. */
  readonly hint?: string | undefined;
}

/** A command that cannot go on for a reason of its own. */
export class CommandFailure extends Error implements Failure {
  readonly code: string;
  readonly hint: string | undefined;

  /**
   * @param code stable identifier, in the style of the library's errors
   * @param message one line for people; no secrets
   * @param hint what to do next
   */
  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Where there is nothing to show, because this peer has founded or joined no group. */
export function noGroup(): CommandFailure {
  return new CommandFailure('no-group', 'this database belongs to no group yet', hints['no-group']);
}

/** What to do about a database that has no passphrase. */
export const hintToSet = 'set one with: arborist mesh passphrase set';

/** What to do about errors of the library, in terms of the command line. */
const hints: Readonly<Record<string, string>> = {
  'mesh-disabled': 'switch it on with: arborist mesh enable',
  'identity-exists': 'choose another database with --db FILE',
  'no-group': 'found one with: arborist mesh init, or join one with: arborist mesh join',
  'no-request': 'make one with: arborist mesh join INVITE',
  'unknown-event': 'apply what another member prints with: arborist mesh events',
  'unknown-epoch': 'see: arborist mesh history',
  'file-changed': 'try again',
  'database-locked': 'let the other process finish, then try again',
  'corrupt-database': 'choose another with --db FILE, or see: arborist mesh recover',
  'wrong-passphrase': 'what is forgotten is gone; a backup may have another passphrase',
  'no-passphrase': `unset ARBORIST_PASSPHRASE_FILE, or ${hintToSet}`,
  'secret-damaged': 'see: arborist mesh recover',
  'file-exists': 'choose another name, or replace an older backup with --replace',
};

/** Messages of the library that speak to programmers, for the user of a command line. */
const messages: Readonly<Record<string, string>> = {
  'mesh-disabled': 'the mesh is switched off in this database',
  'no-group': 'this database belongs to no group yet',
};

const systemErrors: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'exists already',
  EISDIR: 'is a folder',
  EMFILE: 'too many open files',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

/** Describes any thrown value; the message is one line without control characters. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandFailure) return failure(error.code, error.message, error.hint);
  if (error instanceof MeshError) return failure(error.code, messages[error.code] ?? error.message, hints[error.code]);
  return failure('internal-error', `internal error: ${error instanceof Error ? error.message : String(error)}`);
}

/** One line for standard error, without its line break. */
export function failureLine({ message, hint }: Failure): string {
  return hint === undefined ? `arborist: ${message}` : `arborist: ${message} (${hint})`;
}

/** The text on one line and without control characters, whoever wrote it. */
export function singleLine(text: string): string {
  return displayText(text.replace(/\s*\n\s*/g, ' '));
}

function failure(code: string, message: string, hint?: string): Failure {
  return { code, message: singleLine(message), hint };
}

/**
 * A file or stream that could not be read or written, told under the name that the user knows it by. What is a
 * {@link CommandFailure} already stays as it is.
 */
export function ioFailure(name: string, error: unknown): CommandFailure {
  return error instanceof CommandFailure ? error : new CommandFailure('file-error', `${name}: ${systemReason(error)}`);
}

function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = 'code' in error && typeof error.code === 'string' ? systemErrors[error.code] : undefined;
  return known ?? error.message;
}
