// @ts-check
/**
 * Makes what is examined: packs the library and installs the tarball in a clean folder, as a user does.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const AGENTS = fileURLToPath(new URL('./agents/', import.meta.url));
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Makes the tarball that npm would publish, of what is built.
 *
 * @param {string} folder where it is put
 * @returns {string} the tarball's path
 */
export function packLibrary(folder) {
  // The build has just been made; `prepack` would make it again.
  npm(['pack', '--ignore-scripts', '--pack-destination', folder, ...QUIET], REPOSITORY);
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack made no tarball');
  return join(folder, name);
}

/**
 * @param {readonly string[]} parameters
 * @param {string} cwd
 */
function npm(parameters, cwd) {
  execFileSync('npm', parameters, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

/**
 * What the tarball pulled in must be what this repository's lock has for its users, and nothing may want to run a script.
 *
 * @param {string} folder
 */
function requireKnownPackages(folder) {
  const installed = packagesOf(join(folder, 'node_modules/.package-lock.json'));
  const locked = packagesOf(join(REPOSITORY, 'package-lock.json'));
  for (const [path, { hasInstallScript }] of Object.entries(installed)) {
    const known = path === 'node_modules/arborist-mesh' || (locked[path] !== undefined && !locked[path].dev);
    if (!known) throw new Error(`the tarball pulls in ${path}, which package-lock.json does not have for users`);
    if (hasInstallScript) throw new Error(`${path} wants to run a script when it is installed`);
  }
}

/**
 * @param {string} file a lock of npm's
 * @returns {Record<string, { dev?: boolean, hasInstallScript?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * @param {string | null} tarball packed now where null
 * @returns {import('./types.js').InstalledPackage}
 */
export function installPackage(tarball) {
  const base = mkdtempSync(join(tmpdir(), 'arborist-conformance-'));
  try {
    return installIn(base, tarball);
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    throw error;
  }
}

/**
 * @param {string} base an empty folder
 * @param {string | null} tarball
 * @returns {import('./types.js').InstalledPackage}
 */
function installIn(base, tarball) {
  const folder = join(base, 'program');
  const workFolder = join(base, 'work');
  for (const path of [folder, workFolder]) mkdirSync(path);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'program', private: true, type: 'module' }));
  npm(['install', '--prefer-offline', ...QUIET, tarball === null ? packLibrary(base) : resolve(tarball)], folder);
  requireKnownPackages(folder);
  cpSync(AGENTS, join(folder, 'agents'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/arborist-mesh/package.json'), 'utf8'));
  return { folder, workFolder, version: manifest.version };
}
