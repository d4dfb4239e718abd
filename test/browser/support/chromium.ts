/**
 * A headless Chromium that runs on a profile of its own and is spoken to without a driver.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { chromiumParameters, requireChromium } from '../../support/chromium.mjs';
import { DevtoolsPipe } from './devtools-pipe.js';
import { Tab } from './tab.js';

/** A running browser. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #pipe: DevtoolsPipe;
  readonly #exited: Promise<unknown>;

  /** @param profile a folder; what was stored in it by an earlier browser is there again */
  constructor(profile: string) {
    this.#process = spawn(requireChromium(), [...chromiumParameters(profile), '--remote-debugging-pipe'], {
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
