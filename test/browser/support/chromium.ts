/**
 * A headless Chromium that runs on a profile of its own and is spoken to without a driver.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { DevtoolsPipe } from './devtools-pipe.js';
import { Tab } from './tab.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--remote-debugging-pipe',
];
/** Chromium's sandbox refuses to work for root, as whom containers run. */
const ROOT_FLAGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

function findChromium(): string {
  const candidates = process.env.CHROMIUM === undefined ? NAMES : [process.env.CHROMIUM];
  const found = candidates.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found === undefined) {
    throw new Error('no Chromium found: install one (Debian: apt-get install chromium), or set CHROMIUM to its path');
  }
  return found;
}

/** A running browser. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #pipe: DevtoolsPipe;
  readonly #exited: Promise<unknown>;

  /** @param profile a folder; what was stored in it by an earlier browser is there again */
  constructor(profile: string) {
    this.#process = spawn(findChromium(), [...FLAGS, ...ROOT_FLAGS, `--user-data-dir=${profile}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#exited = new Promise((resolve) => this.#process.once('exit', resolve));
    const [, , , into, from] = this.#process.stdio;
    this.#pipe = new DevtoolsPipe(into as Writable, from as Readable);
  }

  /** Opens a tab with the page at an address, and waits until its script has started. */
  async open(address: string): Promise<Tab> {
    const { targetId } = await this.#pipe.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#pipe.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this.#pipe, String(targetId), String(sessionId));
    await tab.go(address);
    return tab;
  }

  /** Gives an origin so many bytes of storage from now on; as many as it likes where undefined. */
  async setQuota(tab: Tab, origin: string, quotaSize?: number): Promise<void> {
    await tab.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  }

  /** Ends the browser properly. */
  async close(): Promise<void> {
    void this.#pipe.send('Browser.close').catch(() => undefined);
    await this.#exited;
  }

  /** Ends the browser with all its processes at once, as a crash does. */
  async kill(): Promise<void> {
    if (this.#process.pid !== undefined && this.#process.exitCode === null) process.kill(-this.#process.pid, 'SIGKILL');
    await this.#exited;
  }
}
