/**
 * The runtimes that `--runtime` accepts.
 *
 * @module
 */
import { bun } from './bun.mjs';
import { chromium } from './chromium.mjs';
import { deno } from './deno.mjs';
import { node } from './node.mjs';
import { node24 } from './node24.mjs';

/** @type {readonly import('../types.js').RuntimeAdapter[]} */
export const RUNTIMES = [node, node24, deno, bun, chromium];
