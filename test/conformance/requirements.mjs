// @ts-check
/**
 * What rows need on this machine, whether it is there, and the command that installs it.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RUNTIMES = new URL('./runtimes/node_modules/', import.meta.url);
const TOOLS = new URL('./tools/node_modules/', import.meta.url);
const QUIET_AND_INERT = '--ignore-scripts --no-audit --no-fund --loglevel=error';
/** By exact versions and without a lock: one made on a platform lacks the other platforms' executables. */
const INSTALL_RUNTIMES = `npm install --no-package-lock ${QUIET_AND_INERT} --prefix test/conformance/runtimes`;
const INSTALL_TOOLS = `npm ci ${QUIET_AND_INERT} --prefix test/conformance/tools`;

/**
 * An executable that npm has in a package of its own for each platform.
 *
 * @param {string} scope for example `@deno`
 * @param {string} file path within the platform's package
 * @returns {string | null}
 */
export function scopedExecutable(scope, file) {
  const folder = new URL(`${scope}/`, RUNTIMES);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return (
    names.map((name) => fileURLToPath(new URL(`${name}/${file}`, folder))).find((path) => existsSync(path)) ?? null
  );
}

/**
 * @param {string} path within the folder of the runtimes' packages
 * @returns {string | null}
 */
export function runtimeExecutable(path) {
  const file = fileURLToPath(new URL(path, RUNTIMES));
  return existsSync(file) ? file : null;
}

/**
 * The address of one of the tools' modules.
 *
 * @param {string} path within the folder of the tools' packages
 */
export function toolModule(path) {
  return new URL(path, TOOLS).href;
}

/**
 * The first of the programs that is there, by its name or path.
 *
 * @param {readonly string[]} names
 * @returns {string | null}
 */
export function findProgram(names) {
  const exists = (/** @type {string} */ name) =>
    name.startsWith('/') ? existsSync(name) : spawnSync('which', [name], { stdio: 'ignore' }).status === 0;
  return names.find(exists) ?? null;
}

/**
 * A runtime that npm has.
 *
 * @param {() => string | null} find
 * @returns {import('./types.js').Requirement}
 */
export function fromNpm(find) {
  return { install: INSTALL_RUNTIMES, present: () => find() !== null };
}

/** @type {import('./types.js').Requirement} */
export const tools = { install: INSTALL_TOOLS, present: () => existsSync(new URL('vite/package.json', TOOLS)) };

/**
 * A program that Debian has.
 *
 * @param {readonly string[]} packages
 * @param {() => string | null} find
 * @returns {import('./types.js').Requirement}
 */
export function fromDebian(packages, find) {
  return {
    install: `apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
    present: () => find() !== null,
  };
}
