/**
 * One run of one command: its global options, its database, and the two ways to answer. Results go to standard output,
 * as lines for people or one JSON document; remarks go to standard error, so that a result can be piped or redirected.
 *
 * @module
 */
import type { Command } from 'commander';
import { isBytes } from '../bytes.js';
import { base64urlEncode } from '../codec/base64url.js';
import { InvalidInputError, type MeshDatabase } from '../index.js';
import type { CommandIo } from './command-io.js';
import { type DatabaseAccess, type DatabaseNeeds, locateDatabase, openDatabaseFile } from './database-option.js';
import { type Style, styleFor } from './format.js';

/** The options that stand before or after every command. */
interface GlobalOptions {
  readonly db?: string;
  readonly json?: true;
}

/** What a program reads: byte arrays become base64url text. */
export type JsonDocument = Readonly<Record<string, unknown>>;

/** The means of an action. */
export class CommandCall {
  readonly io: CommandIo;
  /** Whether the answer is for a program. */
  readonly json: boolean;
  /** The database file, whether or not it exists. */
  readonly databaseFile: string;
  /** Text attributes for standard output. */
  readonly style: Style;
  readonly #command: Command;

  constructor(io: CommandIo, command: Command) {
    const options = command.optsWithGlobals<GlobalOptions>();
    this.io = io;
    this.json = options.json === true;
    this.databaseFile = locateDatabase(io, options.db);
    this.style = styleFor(io, io.stdout);
    this.#command = command;
  }

  /** Opens the database, works on it, waits until changes are on disk, and closes it. */
  async withDatabase<Result>(
    access: DatabaseAccess,
    work: (db: MeshDatabase) => Result | Promise<Result>,
    needs: DatabaseNeeds = {},
  ): Promise<Result> {
    const db = await openDatabaseFile(this.io, this.databaseFile, access, needs);
    try {
      const result = await work(db);
      if (access !== 'read') await db.durable();
      return result;
    } catch (error) {
      throw this.#blamedOnOption(error);
    } finally {
      db.close();
    }
  }

  /** The result: the document if `--json` is given, else the lines. */
  async answer(document: JsonDocument, lines: () => readonly string[]): Promise<void> {
    const text = this.json ? [JSON.stringify(document, bytesAsText)] : lines();
    await this.io.stdout.write(text.map((line) => `${line}\n`).join(''));
  }

  /** Remarks for people beside the result. */
  async remark(...lines: readonly string[]): Promise<void> {
    if (!this.json) await this.io.stderr.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** The library knows best which values are good; one that came from an option is wrong usage. */
  #blamedOnOption(error: unknown): unknown {
    const [, name = '', rest = ''] =
      (error instanceof InvalidInputError && /^(\w+)( must .*)$/s.exec(error.message)) || [];
    const option = optionNames[name];
    return option === undefined ? error : this.wrongUsage(option + rest);
  }

  /** Ends the command as wrong usage. */
  wrongUsage(message: string): never {
    return this.#command.error(message);
  }
}

/** How the command line calls what the library calls otherwise. */
const optionNames: Readonly<Record<string, string>> = {
  groupName: '--group',
  uri: '--uri',
  memberId: 'the member id',
  expiresIn: '--expires',
  messageEpochs: '--message-epochs',
  envelopeEpochs: '--envelope-epochs',
};

function bytesAsText(_key: string, value: unknown): unknown {
  return isBytes(value) ? base64urlEncode(value) : value;
}
