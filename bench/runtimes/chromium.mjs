/**
 * Measures in a page of headless Chromium, without a driver: the page does the work and posts what it found to a server
 * of this process.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromiumParameters, requireChromium } from '../../test/support/chromium.mjs';
import { servePage } from './page-server.mjs';

/** A page that says nothing for this long is stuck; making a group of ten thousand takes minutes on a slow day. */
const SILENCE_LIMIT_MS = 900_000;

/** @type {import('../types.js').RuntimeAdapter} */
export const chromium = {
  name: 'chromium',
  prepare: async () => {
    requireChromium();
  },
  run: async (plan, onEvent) => {
    const script = await bundleAgent();
    const finish = createVerdict();
    const page = await servePage(script, (event) => {
      finish.heard();
      onEvent(event);
      if (event.type === 'done') finish.succeed();
      if (event.type === 'failed') finish.fail(new Error(event.message));
    });
    const closeBrowser = openBrowser(page.address(plan), finish.fail);
    try {
      await finish.promise;
    } finally {
      page.close();
      await closeBrowser();
    }
  },
};

/** A promise with its ends outside, which fails by itself when nothing is heard for too long. */
function createVerdict() {
  /** @type {() => void} */
  let succeed = () => {};
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  const watchdog = setTimeout(() => fail(new Error('the page fell silent')), SILENCE_LIMIT_MS);
  const stopWatching = () => clearTimeout(watchdog);
  promise.then(stopWatching, stopWatching);
  return { promise, succeed, fail, heard: () => watchdog.refresh() };
}

/** The agent with suites, peers and library as one script; node:crypto stays out, since the page cannot have it. */
async function bundleAgent() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./browser-agent.mjs', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*'],
    write: false,
    logLevel: 'error',
  });
  const script = outputFiles[0]?.text;
  if (script === undefined) throw new Error('esbuild gave no script');
  return script;
}

/**
 * @param {string} address
 * @param {(error: Error) => void} onFailure
 * @returns {() => Promise<void>} ends the browser and removes its profile
 */
function openBrowser(address, onFailure) {
  const profile = mkdtempSync(join(tmpdir(), 'arborist-bench-'));
  const browser = spawn(requireChromium(), [...chromiumParameters(profile), address], {
    stdio: 'ignore',
    detached: true,
  });
  const exited = new Promise((resolve) => browser.once('exit', resolve));
  browser.once('error', onFailure);
  browser.once('exit', (code) => onFailure(new Error(`Chromium ended early (exit code ${code})`)));
  return async () => {
    // Chromium's helpers are in its process group.
    if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid, 'SIGKILL');
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
}
