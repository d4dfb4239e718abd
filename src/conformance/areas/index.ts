/**
 * The areas of the suite, in the order in which they run and are shown.
 *
 * @module
 */
import type { Area } from '../area.js';
import { ENCODING } from './encoding.js';
import { ERRORS } from './errors.js';
import { GOSSIP } from './gossip.js';
import { JOINING } from './joining.js';
import { LOADING } from './loading.js';
import { MEMBERSHIP } from './membership.js';
import { PERSISTENCE } from './persistence.js';
import { PRIMITIVES } from './primitives.js';
import { RECORDS } from './records.js';
import { STORY } from './story.js';

/** All areas. */
export const AREAS: readonly Area[] = [
  LOADING,
  PRIMITIVES,
  ENCODING,
  JOINING,
  MEMBERSHIP,
  GOSSIP,
  STORY,
  RECORDS,
  PERSISTENCE,
  ERRORS,
];
