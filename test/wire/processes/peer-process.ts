/** Peers in processes of their own, under any runtime, driven over standard input. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fromNpm, scopedExecutable } from '../../conformance/requirements.mjs';

const program = fileURLToPath(new URL('./peer-program.mjs', import.meta.url));

/** The command that installs the runtimes that are missing, but for browsers. */
export const INSTALL_RUNTIMES = fromNpm(() => null).install;

/** A way to run the program. */
export interface Runtime {
  readonly name: string;
  /** The executable; null if it is missing. */
  readonly command: string | null;
  readonly args: readonly string[];
}

export const node: Runtime = { name: 'Node', command: process.execPath, args: [] };

/** All runtimes; the others as the conformance tests install them. */
export const runtimes: readonly Runtime[] = [
  node,
  {
    name: 'Deno',
    command: scopedExecutable('@deno', 'deno'),
    args: ['run', '--no-prompt', '--no-remote', '--cached-only', '--node-modules-dir=manual', '--allow-all'],
  },
  { name: 'Bun', command: scopedExecutable('@oven', 'bin/bun'), args: [] },
];

/** A failure that the peer told. */
class PeerError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * What a peer answered to a command.
 *
 * @throws PeerError if that failed there
 */
export function outcomeOf<T>(name: string, answer: unknown): T {
  const { result, error } = answer as { result: T; error?: { code: string; message: string } };
  if (error !== undefined) throw new PeerError(error.code, `${name}: ${error.message}`);
  return result;
}

/** A peer in a process. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #stderr = '';

  /** @throws if the runtime is missing */
  constructor({ name, command, args }: Runtime = node) {
    if (command === null) throw new Error(`${name} is missing; run: ${INSTALL_RUNTIMES}`);
    this.#child = spawn(command, [...args, program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
    });
    this.#child.stderr?.on('data', (chunk: Uint8Array) => {
      this.#stderr += new TextDecoder().decode(chunk);
    });
    this.#child.stdin?.on('error', () => undefined);
    const lines = createInterface({ input: this.#child.stdout as NonNullable<ChildProcess['stdout']> });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  /** Has the peer do something, and gives what it says. One at a time. */
  async call<T = null>(name: string, ...args: readonly unknown[]): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify([name, ...args])}\n`);
    const { done, value } = await this.#answers.next();
    if (done) throw new Error(`the peer ended during ${name}: ${this.#stderr}`);
    return outcomeOf<T>(name, JSON.parse(value));
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Ends it in order. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    await this.call('close').catch(() => undefined);
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end();
    await ended;
  }
}
