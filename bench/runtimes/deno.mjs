/**
 * Measures in a fresh Deno process, which may read this repository and nothing else.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';
import { installPackages } from '../install.mjs';
import { installedExecutable, RUNTIMES_FOLDER } from './installed-runtime.mjs';
import { AGENT, runProcess } from './run-process.mjs';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** @type {import('../types.js').RuntimeAdapter} */
export const deno = {
  name: 'deno',
  prepare: () => installPackages(RUNTIMES_FOLDER),
  run: (plan, onEvent) =>
    runProcess(
      installedExecutable('@deno', process.platform === 'win32' ? 'deno.exe' : 'deno'),
      [
        'run',
        '--no-prompt',
        '--no-remote',
        '--cached-only',
        '--node-modules-dir=manual',
        `--allow-read=${REPOSITORY}`,
        AGENT,
        JSON.stringify(plan),
      ],
      onEvent,
      { DENO_NO_UPDATE_CHECK: '1' },
    ),
};
