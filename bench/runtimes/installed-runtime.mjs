/**
 * Where npm puts the executables of Deno and Bun: in the one package for this machine's platform.
 *
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder whose package.json names the runtimes. */
export const RUNTIMES_FOLDER = new URL('./', import.meta.url);

/**
 * @param {string} scope for example `@deno`
 * @param {string} file path within the platform's package
 * @returns {string}
 */
export function installedExecutable(scope, file) {
  const folder = new URL(`node_modules/${scope}/`, RUNTIMES_FOLDER);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const executables = names.map((name) => fileURLToPath(new URL(`${name}/${file}`, folder))).filter(existsSync);
  const executable = executables[0];
  if (executable === undefined) throw new Error(`${scope} has no package for ${process.platform} ${process.arch}`);
  return executable;
}
