/**
 * Measures in a fresh process of the Node that runs this command.
 *
 * @module
 */
import { AGENT, runProcess } from './run-process.mjs';

/** @type {import('../types.js').RuntimeAdapter} */
export const node = {
  name: 'node',
  prepare: async () => {},
  run: (plan, onEvent) =>
    runProcess(process.execPath, ['--disable-warning=ExperimentalWarning', AGENT, JSON.stringify(plan)], onEvent),
};
