/**
 * The areas of the suite, in the order in which they run and are shown.
 *
 * @module
 */
import type { Area } from '../area.js';
import { CRYPTO } from './crypto.js';
import { LOADING } from './loading.js';

/** All areas. */
export const AREAS: readonly Area[] = [LOADING, CRYPTO];
