/**
 * Installs the private packages of the benchmark when they are missing or no longer those asked for.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const QUIET_AND_INERT = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs a folder's packages, unless that was done already from exactly these manifests: `npm ci` where there is a
 * lockfile, otherwise the exact versions of `package.json`. (Runtimes come as one package per platform, and a lockfile
 * made on one platform does not install on the others.) Install scripts of the packages do not run.
 *
 * @param {URL} folder ends with a slash
 */
export async function installPackages(folder) {
  const lockfile = new URL('package-lock.json', folder);
  const locked = existsSync(lockfile);
  const digest = createHash('sha256')
    .update(readFileSync(new URL('package.json', folder)))
    .update(locked ? readFileSync(lockfile) : '')
    .digest('hex');
  const stamp = new URL('node_modules/.installed-from', folder);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;

  const path = fileURLToPath(folder);
  const command = locked ? ['ci'] : ['install', '--no-package-lock'];
  process.stderr.write(`installing the packages of ${path} …\n`);
  const { status, error } = spawnSync('npm', [...command, '--prefix', path, ...QUIET_AND_INERT], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`npm ${command[0]} failed in ${path} (exit code ${status}): is the registry reachable?`);
  writeFileSync(stamp, digest);
}
