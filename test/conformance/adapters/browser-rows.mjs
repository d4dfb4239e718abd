// @ts-check
/**
 * The rows of the browsers: each kind of site in each browser.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tools } from '../requirements.mjs';
import { startProgram } from '../run-program.mjs';
import { serveSite } from '../site-server.mjs';
import { startWatch } from '../watch.mjs';
import { chromium, firefox, webkit } from './browsers.mjs';
import { bundled, forbidden, strict, unbundledSite, viteSite } from './sites.mjs';

/** @typedef {import('../types.js').Adapter} Adapter */
/** @typedef {import('../types.js').InstalledPackage} InstalledPackage */

/**
 * @param {import('./browsers.mjs').Browser} browser
 * @param {{ id: string, title: string, site: (subject: InstalledPackage) => Promise<import('../site-server.mjs').Site> }} kind
 * @param {Partial<Pick<Adapter, 'suite' | 'needs'>>} [more]
 * @returns {Adapter}
 */
function browserRow(browser, { id, title, site }, { suite = 'conformance', needs = [] } = {}) {
  return {
    id: `${browser.id}-${id}`,
    title: `${browser.title}, ${title}`,
    runtime: { name: browser.title },
    suite,
    needs: [browser.requirement, ...needs],
    run: async (subject) => {
      const content = await site(subject);
      const watch = startWatch();
      const served = await serveSite(content, watch.heard);
      const profile = mkdtempSync(join(subject.workFolder, 'profile-'));
      const { command, parameters, env } = browser.launch(served.address, profile);
      const program = startProgram(command, parameters, { env });
      const early = program.ended.then(({ code, stderr }) => {
        throw new Error(
          `${browser.title} ended before it reported (exit code ${code}): ${stderr.trim().slice(-1_000)}`,
        );
      });
      try {
        const report = await Promise.race([served.reported, early, watch.silence]);
        const version = browser.version?.() ?? report.runtime.version;
        return { ...report, runtime: { ...report.runtime, version } };
      } finally {
        watch.stop();
        await program.stop();
        served.close();
        rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    },
  };
}

const page = { id: 'page', title: 'page', site: bundled('page') };
const worker = { id: 'worker', title: 'module worker', site: bundled('start-worker') };
const serviceWorker = { id: 'service-worker', title: 'service worker', site: bundled('start-service-worker') };
const strictPage = { id: 'csp', title: 'page under a strict policy', site: strict };
const vitePage = { id: 'vite', title: 'page bundled by Vite', site: viteSite };
const unbundled = { id: 'import-map', title: 'page, unbundled', site: unbundledSite };
const control = { id: 'refusal', title: 'page without WebAssembly', site: forbidden };

/** @type {readonly Adapter[]} */
export const BROWSERS = [
  browserRow(chromium, page),
  browserRow(chromium, worker),
  browserRow(chromium, serviceWorker),
  browserRow(chromium, strictPage),
  browserRow(chromium, vitePage, { needs: [tools] }),
  browserRow(chromium, unbundled),
  browserRow(chromium, control, { suite: 'refusal' }),
  ...[firefox, webkit].flatMap((browser) => [
    browserRow(browser, page),
    browserRow(browser, worker),
    browserRow(browser, unbundled),
    browserRow(browser, control, { suite: 'refusal' }),
  ]),
];
