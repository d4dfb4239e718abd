/** Real processes that use the store from its sources: programs are bundled once for each test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles `programs/NAME.ts` into the folder and returns the file to run.
 *
 * @param sqlite whose module the native driver uses
 */
export async function bundleProgram(name: string, folder: string, sqlite: 'node' | 'bun' = 'node'): Promise<string> {
  const outfile = join(folder, `${name}-${sqlite}.cjs`);
  await build({
    entryPoints: [source(`programs/${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: {
      '#file-storage': source('../../src/store/file-storage.node.ts'),
      '#native-sqlite': source(`../../src/store/node/native-sqlite.${sqlite}.ts`),
    },
    external: ['bun:sqlite'],
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

/** A running program and the lines that it prints. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly lines: string[];
  /** Resolves with the first line. */
  readonly started: Promise<string>;
  /** Resolves when so many lines were printed. */
  printed(count: number): Promise<void>;
  /** Resolves when the process has ended and all it printed was read. */
  readonly ended: Promise<void>;
}

/** @param program its file, for the Node that executes this, or a whole command */
export function run(program: string | readonly string[], ...args: string[]): Running {
  const [executable = '', ...parameters] = typeof program === 'string' ? [process.execPath, program] : program;
  const child = spawn(executable, [...parameters, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const printed = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (lines.length >= count) resolve();
      };
      reader.on('line', look);
      look();
    });
  reader.on('line', (line) => lines.push(line));
  const started = printed(1).then(() => lines[0] ?? '');
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  return { child, pid: child.pid ?? -1, lines, started, printed, ended };
}
