/**
 * Runs the command line: in this process with streams in memory, or as the built program in a process of its own.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { concatBytes } from '../../src/bytes.js';
import { run } from '../../src/cli/program.js';
import { type Circumstances, memoryIo } from './memory-io.js';

/** The built program's file. */
export const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What came of a run. */
export interface Outcome {
  readonly code: number | null;
  /** Standard output, byte for byte. */
  readonly bytes: Uint8Array;
  /** Standard output as text. */
  readonly stdout: string;
  /** Standard error as text. */
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function arborist(args: readonly string[], circumstances: Circumstances = {}): Promise<Outcome> {
  const io = memoryIo(circumstances);
  const code = await run(args, io);
  return { code, bytes: io.stdout.bytes, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** Runs the built program in a process of its own, with this process's environment and the given variables. */
export function arboristProcess(
  args: readonly string[],
  { stdin = '', environment = {} }: Pick<Circumstances, 'stdin' | 'environment'> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...environment } });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    child.stdout.on('data', (chunk: Uint8Array) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = concatBytes(...stdout);
      resolve({ code, bytes, stdout: text(bytes), stderr: text(concatBytes(...stderr)) });
    });
    child.stdin.end(stdin);
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
