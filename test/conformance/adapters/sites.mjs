// @ts-check
/**
 * The sites that browsers are shown: the suite bundled or not, in a page or a worker, under one policy or another.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { toolModule } from '../requirements.mjs';

/** @typedef {import('../types.js').InstalledPackage} InstalledPackage */
/** @typedef {import('../site-server.mjs').Site} Site */

const STRICT_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

/**
 * @param {string} script
 * @param {string} [importMap]
 */
function pageOf(script, importMap) {
  const map = importMap === undefined ? '' : `<script type="importmap">${importMap}</script>`;
  return `<!doctype html><meta charset="utf-8"><title>Conformance</title><script src="/guard.js"></script>${map}<script type="module" src="${script}"></script>`;
}

/**
 * All agents for browsers, each bundled into one file, made once for all rows.
 *
 * @param {InstalledPackage} subject
 */
async function bundledSite({ folder, workFolder }) {
  const site = join(workFolder, 'bundled');
  if (existsSync(site)) return site;
  const agents = ['page', 'start-worker', 'service-worker', 'start-service-worker', 'refusal'];
  await build({
    entryPoints: agents.map((name) => join(folder, 'agents', `${name}.mjs`)),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: site,
    logLevel: 'error',
  });
  copyFileSync(join(folder, 'agents/guard.js'), join(site, 'guard.js'));
  return site;
}

/**
 * @param {string} script
 * @param {string} [policy]
 * @returns {(subject: InstalledPackage) => Promise<Site>}
 */
export const bundled = (script, policy) => async (subject) => ({
  folder: await bundledSite(subject),
  page: pageOf(`/${script}.js`),
  headers: policy === undefined ? {} : { 'content-security-policy': policy },
});

/** The suite in a page under the strictest policy that allows WebAssembly. */
export const strict = bundled('page', STRICT_POLICY);

/** The control, under a policy that does not. */
export const forbidden = bundled('refusal', STRICT_POLICY.replace(" 'wasm-unsafe-eval'", ''));

/**
 * What Vite makes of a page with one script, without any settings.
 *
 * @param {InstalledPackage} subject
 * @returns {Promise<Site>}
 */
export async function viteSite({ folder, workFolder }) {
  const root = join(folder, 'vite');
  const outDir = join(workFolder, 'vite');
  if (!existsSync(outDir)) {
    mkdirSync(root);
    mkdirSync(join(root, 'public'));
    writeFileSync(join(root, 'index.html'), pageOf('/page.mjs'));
    for (const name of ['page.mjs', 'post-report.mjs']) copyFileSync(join(folder, 'agents', name), join(root, name));
    copyFileSync(join(folder, 'agents/guard.js'), join(root, 'public/guard.js'));
    const vite = await import(toolModule('vite/dist/node/index.js'));
    await vite.build({ root, configFile: false, logLevel: 'error', build: { outDir, emptyOutDir: false } });
  }
  return { folder: outDir, page: readFileSync(join(outDir, 'index.html'), 'utf8'), headers: {} };
}

/**
 * The installed packages as they are, found by the import map that the package brings; under the strict policy, which
 * names the map by its digest.
 *
 * @param {InstalledPackage} subject
 * @returns {Promise<Site>}
 */
export async function unbundledSite({ folder }) {
  const map = readFileSync(join(folder, 'node_modules/arborist-mesh/dist/import-map.json'), 'utf8');
  const digest = createHash('sha256').update(map).digest('base64');
  copyFileSync(join(folder, 'agents/guard.js'), join(folder, 'guard.js'));
  return {
    folder,
    page: pageOf('/agents/page.mjs', map),
    headers: { 'content-security-policy': STRICT_POLICY.replace("'self'", `'self' 'sha256-${digest}'`) },
  };
}
