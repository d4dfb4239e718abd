/** A peer whose handler runs in workerd, with both WebAssembly modules as modules of the worker. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { scopedExecutable } from '../../conformance/requirements.mjs';
import { layOutWorker } from '../../support/workerd.mjs';
import { INSTALL_RUNTIMES, outcomeOf } from './peer-process.js';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const program = fileURLToPath(new URL('../programs/workerd.mjs', import.meta.url));
/** The worker listens on loopback, and reaches servers there. */
const SETTINGS = `  services = [
    (name = "peer", worker = .worker),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "peer")],`;

function findWorkerd(): string {
  const found = scopedExecutable('@cloudflare', 'bin/workerd');
  if (found === null) throw new Error(`workerd is missing; run: ${INSTALL_RUNTIMES}`);
  return found;
}

/** The port that workerd says it listens on. */
async function heardPort(child: ChildProcess): Promise<number> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Uint8Array) => said.push(new TextDecoder().decode(chunk)));
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const { event, port } = JSON.parse(line) as { event: string; port: number };
    if (event === 'listen') return port;
  }
  throw new Error(`workerd does not listen: ${said.join('')}`);
}

/** A peer in workerd. */
export class WorkerdPeer {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #place: string;

  private constructor(child: ChildProcess, place: string, port: number) {
    this.#child = child;
    this.#place = place;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Bundles the worker and starts it. */
  static async start(): Promise<WorkerdPeer> {
    const workerd = findWorkerd();
    const place = mkdtempSync(join(tmpdir(), 'arborist-workerd-'));
    await layOutWorker(place, { program, dist, settings: SETTINGS });
    const stdio = ['ignore', 'inherit', 'pipe', 'pipe'] as const;
    const child = spawn(workerd, ['serve', 'config.capnp', '--control-fd=3'], { cwd: place, stdio: [...stdio] });
    return new WorkerdPeer(child, place, await heardPort(child));
  }

  /** Has the peer do something, and gives what it says. */
  async call<T = null>(name: string, ...args: readonly unknown[]): Promise<T> {
    const response = await fetch(`${this.url}/perform`, { method: 'POST', body: JSON.stringify([name, ...args]) });
    return outcomeOf<T>(name, await response.json());
  }

  /** Ends it at once: asked to, workerd would wait for whatever goes on. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#place, { recursive: true, force: true });
  }
}
