/**
 * Measures in a fresh Bun process.
 *
 * @module
 */
import { installPackages } from '../install.mjs';
import { installedExecutable, RUNTIMES_FOLDER } from './installed-runtime.mjs';
import { AGENT, runProcess } from './run-process.mjs';

/** @type {import('../types.js').RuntimeAdapter} */
export const bun = {
  name: 'bun',
  prepare: () => installPackages(RUNTIMES_FOLDER),
  run: (plan, onEvent) =>
    runProcess(
      installedExecutable('@oven', process.platform === 'win32' ? 'bin/bun.exe' : 'bin/bun'),
      ['run', '--no-install', AGENT, JSON.stringify(plan)],
      onEvent,
    ),
};
