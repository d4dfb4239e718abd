/**
 * The command line as a whole: the tree of commands, and what becomes of errors.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { Command, type CommanderError, type Help } from 'commander';
import type { CommandIo } from './command-io.js';
import { checkCommand, proveCommand } from './commands/chunk-proof.js';
import { conformCommand } from './commands/conform.js';
import { ingestCommand } from './commands/ingest.js';
import { meshCommand } from './commands/mesh.js';
import { recordsCommand } from './commands/records.js';
import { rootCommand } from './commands/root.js';
import { exitCodes } from './exit-codes.js';
import { describeFailure, type Failure, failureLine, singleLine } from './failure.js';
import { wantsColour } from './format.js';
import { helpWidth } from './help.js';

/**
 * Runs one command line and says how it ended; never throws.
 *
 * @param args what stands after the program's name
 */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const texts: Promise<void>[] = [];
  const json = asksForJson(args);
  const code = await runCommand(createProgram(io, json, texts), args, json, io);
  const written = await Promise.allSettled(texts);
  const unwritten = written.find((text) => text.status === 'rejected');
  // A help text that nobody could read was not given, unless something worse has been told already.
  return unwritten === undefined || code !== exitCodes.ok ? code : await report(unwritten.reason, json, io);
}

async function runCommand(program: Command, args: readonly string[], json: boolean, io: CommandIo): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    return await report(error, json, io);
  }
}

/** The parser stopped: wrong usage, or a text that was asked for has been printed. */
class ParserStop extends Error {
  constructor(
    readonly reason: CommanderError,
    readonly commandPath: string,
  ) {
    super(reason.message);
  }
}

async function report(error: unknown, json: boolean, io: CommandIo): Promise<number> {
  if (error instanceof ParserStop && error.reason.exitCode === 0) return exitCodes.ok;
  // A group of commands without a command: its help already stands on standard error.
  if (error instanceof ParserStop && error.reason.code === 'commander.help' && !json) return exitCodes.usage;
  const failure = error instanceof ParserStop ? describeUsage(error) : describeFailure(error);
  try {
    await io.stderr.write(`${json ? JSON.stringify(failure) : failureLine(failure)}\n`);
  } catch {
    // Nobody can be told; the exit code remains.
  }
  return error instanceof ParserStop ? exitCodes.usage : exitCodes.failed;
}

/** A command line may be too wrong to be parsed, so this looks at the words themselves. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

function describeUsage({ reason, commandPath }: ParserStop): Failure {
  const message = reason.code === 'commander.help' ? 'a command is missing' : reason.message.replace(/^error: /, '');
  return { code: 'usage', message: singleLine(message), hint: `see: ${commandPath} --help` };
}

function createProgram(io: CommandIo, json: boolean, texts: Promise<void>[]): Command {
  const program = new Command('arborist')
    .description('Exchange and verify documents with peers that hold the same ones, with no central authority.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--db <file>', 'the database (default: $ARBORIST_DB, else in the user data folder)')
    .option('--json', 'answer with one JSON document; errors are JSON as well')
    .addCommand(ingestCommand(io))
    .addCommand(recordsCommand(io))
    .addCommand(rootCommand(io))
    .addCommand(proveCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(meshCommand(io))
    .addCommand(conformCommand(io))
    .addHelpText('after', programNotes);
  configure(program, io, json, texts);
  return program;
}

const programNotes = `
Exit codes: 0 done, 1 failed, 2 wrong usage. Errors are one line on standard error.

Examples:
  $ arborist mesh --help         # all its commands, and how a group comes about
  $ arborist mesh status         # where this peer stands
  $ arborist mesh status --json  # the same for a program
  $ arborist ingest docs         # sign what the documents of a folder are`;

/** What the parser does in the same way for every command. */
function configure(command: Command, io: CommandIo, json: boolean, texts: Promise<void>[]): void {
  command
    .exitOverride((error) => {
      throw new ParserStop(error, commandPath(command));
    })
    .configureOutput({
      writeOut: (text) => texts.push(io.stdout.write(text)),
      // The help that stands in for a missing command would be noise to a program.
      writeErr: (text) => json || texts.push(io.stderr.write(text)),
      // Errors are told in one place, by `report`.
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns ?? helpWidth,
      getErrHelpWidth: () => io.stderr.columns ?? helpWidth,
      getOutHasColors: () => wantsColour(io, io.stdout),
      getErrHasColors: () => wantsColour(io, io.stderr),
    })
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions })
    .helpOption('-h, --help', 'print this help');
  if (command.commands.length > 0) command.helpCommand('help [command]', 'print the help of a command');
  for (const child of command.commands) configure(child, io, json, texts);
}

/** The options of the parents, which every command has, without `--version`, which belongs to the program alone. */
function visibleGlobalOptions(this: Help, command: Command): ReturnType<Help['visibleGlobalOptions']> {
  const options = [];
  for (let parent = command.parent; parent !== null; parent = parent.parent) {
    options.push(...parent.options.filter((option) => option.long !== '--version'));
  }
  return options;
}

function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

/** From the package's own `package.json`, two folders above this module. */
function packageVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (description as { version: string }).version;
}
