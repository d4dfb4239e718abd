// @ts-check
/**
 * How Chromium is found and started, headless and with a profile of its own: for the tests, the conformance suite and the bench.
 *
 * @module
 */
import { findProgram } from '../conformance/requirements.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The path or name of Chromium, which `CHROMIUM` may say; null where there is none. */
export function findChromium() {
  return findProgram(process.env.CHROMIUM === undefined ? NAMES : [process.env.CHROMIUM]);
}

/**
 * The same, where it cannot be done without.
 *
 * @throws Error which says how to install it
 */
export function requireChromium() {
  const found = findChromium();
  if (found === null) {
    throw new Error('no Chromium found: install one (Debian: apt-get install chromium), or set CHROMIUM to its path');
  }
  return found;
}

/**
 * The parameters that it is started with; an address may follow.
 *
 * @param {string} profile a folder; what an earlier browser has stored in it is there again
 */
export function chromiumParameters(profile) {
  return [
    '--headless',
    // Its sandbox refuses to work for root, as whom containers run.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
  ];
}
