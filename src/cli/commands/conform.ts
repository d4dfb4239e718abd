/**
 * `conform`: checks this runtime with the conformance suite, or writes the vectors for implementations in other languages.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { ConformanceReport } from '../../conformance/index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure, ioFailure } from '../failure.js';
import { count, displayText, type Style } from '../format.js';
import { helpSections } from '../help.js';
import { formatTable } from '../table.js';

/** `conform [--vectors DIR]`. */
export function conformCommand(io: CommandIo): Command {
  return new Command('conform')
    .summary('check this runtime, or write the test vectors')
    .description(
      'Runs the conformance suite of the installed package in this runtime: crypto, formats, rules, a whole story.',
    )
    .option('--vectors <dir>', 'write the vectors to a new or empty folder instead')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'Needs no database of yours. The exit code is 1 if any check fails.',
          'The digest of an area is the same in every runtime that does the same.',
        ],
        examples: [
          ['arborist conform', 'each area, with its digest'],
          ['arborist conform --vectors vectors', 'for implementations in other languages'],
        ],
        json: {
          ok: 'whether every check passed; with --vectors: true',
          runtime: 'name and version of the runtime; with --vectors: null',
          areas: 'name, digest and checks of each area; with --vectors: none',
          vectors: 'the files written',
        },
      }),
    )
    .action(async ({ vectors }: { vectors?: string }, command: Command) => {
      const call = new CommandCall(io, command);
      await (vectors === undefined ? runSuite(call) : writeVectors(call, vectors));
    });
}

async function runSuite(call: CommandCall): Promise<void> {
  // The suite carries all vectors, half a megabyte that no other command needs.
  const { runConformance } = await import('../../conformance/index.js');
  const folder = mkdtempSync(join(tmpdir(), 'arborist-conform-'));
  let report: ConformanceReport;
  try {
    report = await runConformance({ folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const failed = report.areas.flatMap(({ checks }) => checks.filter(({ ok }) => !ok)).length;
  const document = { ok: failed === 0, runtime: report.runtime, areas: report.areas, vectors: [] };
  await call.answer(document, () => reportLines(report, call.style));
  if (failed > 0) throw new CommandFailure('not-conformant', `${count(failed, 'check')} failed`);
}

function reportLines({ runtime, areas }: ConformanceReport, style: Style): string[] {
  const rows = areas.map(({ name, checks, digest }) => {
    const passed = checks.filter(({ ok }) => ok).length;
    return [name, `${passed}/${checks.length}`, digest.slice(0, 16)];
  });
  const failures = areas.flatMap(({ name, checks }) =>
    checks.flatMap((check) => (check.ok ? [] : [`${name}: ${check.name}: ${displayText(check.error ?? '')}`])),
  );
  return [
    ...formatTable(['Area', 'Passed', 'Digest'], rows, style),
    '',
    ...failures.map((line) => style.bad(line)),
    `${runtime.name} ${runtime.version}: ${failures.length === 0 ? style.good('conformant') : style.bad('not conformant')}`,
  ];
}

async function writeVectors(call: CommandCall, directory: string): Promise<void> {
  const { vectorFiles } = await import('../../conformance/index.js');
  const files = vectorFiles();
  try {
    mkdirSync(directory, { recursive: true });
    if (readdirSync(directory).length > 0) {
      throw new CommandFailure('file-exists', `${displayText(directory)}: the folder is not empty`);
    }
    for (const [path, text] of files) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  } catch (error) {
    throw ioFailure(displayText(directory), error);
  }
  const vectors = [...files.keys()];
  await call.answer({ ok: true, runtime: null, areas: [], vectors }, () => [
    `Wrote ${count(vectors.length, 'file')} to ${displayText(resolve(directory))}`,
  ]);
}
