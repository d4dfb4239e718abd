/**
 * Measures in a fresh process of Node 24, for which npm has packages for Linux on x86-64.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../install.mjs';
import { RUNTIMES_FOLDER } from './installed-runtime.mjs';
import { AGENT, runProcess } from './run-process.mjs';

const EXECUTABLE = fileURLToPath(new URL('node_modules/node24/bin/node', RUNTIMES_FOLDER));

/** @type {import('../types.js').RuntimeAdapter} */
export const node24 = {
  name: 'node24',
  prepare: async () => {
    await installPackages(RUNTIMES_FOLDER);
    if (!existsSync(EXECUTABLE))
      throw new Error('npm has no Node 24 for this platform: run the benchmark under Node 24');
  },
  run: (plan, onEvent) =>
    runProcess(EXECUTABLE, ['--disable-warning=ExperimentalWarning', AGENT, JSON.stringify(plan)], onEvent),
};
