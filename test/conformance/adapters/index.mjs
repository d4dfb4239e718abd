// @ts-check
/**
 * The rows of the matrix, in their order.
 *
 * @module
 */
import { BROWSERS } from './browser-rows.mjs';
import { PROCESSES } from './processes.mjs';
import { workerd } from './workerd.mjs';

/** @type {readonly import('../types.js').Adapter[]} */
export const ADAPTERS = [...PROCESSES, workerd, ...BROWSERS];
