/** Peers in processes of their own, under any runtime, driven over standard input. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./peer-program.mjs', import.meta.url));
const modules = new URL('../../conformance/runtimes/node_modules/', import.meta.url);
const installed = (path: string) => fileURLToPath(new URL(path, modules));

/** A way to run the program. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const node: Runtime = { name: 'Node', command: process.execPath, args: [] };

/** The other runtimes, as the conformance tests install them; whether one is there, the test finds out. */
export const runtimes: readonly Runtime[] = [
  node,
  {
    name: 'Deno',
    command: installed('@deno/linux-x64-glibc/deno'),
    args: ['run', '--no-prompt', '--no-remote', '--cached-only', '--node-modules-dir=manual', '--allow-all'],
  },
  { name: 'Bun', command: installed('@oven/bun-linux-x64/bin/bun'), args: [] },
];

/** Whether the runtime is installed here. */
export const isInstalled = ({ command }: Runtime) => existsSync(command);

/** A failure that the peer told. */
class PeerError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A peer in a process. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #stderr = '';

  constructor({ command, args }: Runtime = node) {
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
    const answer = JSON.parse(value) as { result: T; error?: { code: string; message: string } };
    if (answer.error !== undefined) throw new PeerError(answer.error.code, `${name}: ${answer.error.message}`);
    return answer.result;
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
