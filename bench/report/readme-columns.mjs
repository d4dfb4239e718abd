/**
 * The columns of the README's tables: which peer, in which of its forms. The other forms are in the results file, and in
 * the README where they are faster.
 *
 * @module
 */
import { formatHalfWidth, formatRatio } from './format.mjs';

/**
 * @typedef {object} Column
 * @property {string} heading
 * @property {readonly { id: string, mark?: string }[]} forms the first that was timed stands in the column, with its mark
 */

/** @type {Column} */
export const LIBSODIUM = { heading: 'libsodium.js', forms: [{ id: 'libsodium' }] };

/** @type {Column} */
export const NODE_READY_KEYS = { heading: 'node:crypto, ready keys', forms: [{ id: 'node-crypto:ready' }] };

/**
 * Marked with the key that is raw. The form that favours the peer most comes first.
 *
 * @type {Column}
 */
export const NODE_RAW_KEY = {
  heading: 'node:crypto, a raw key',
  forms: [
    { id: 'node-crypto:raw', mark: 'secret' },
    { id: 'node-crypto:jwk', mark: 'public' },
    { id: 'node-crypto:all-jwk', mark: 'private' },
    { id: 'node-crypto:der', mark: 'public' },
    { id: 'node-crypto:all-der', mark: 'private' },
  ],
};

/**
 * Where there are no keys. As a peer of every suite node:crypto has a form with ready keys, which hashes as any other.
 *
 * @type {Column}
 */
export const NODE_HASH = { heading: 'node:crypto', forms: [{ id: 'node-crypto:ready' }, { id: 'node-crypto' }] };

/** @type {Column} */
export const SHA256SUM = { heading: 'sha256sum', forms: [{ id: 'sha256sum' }] };

/** @type {Column} */
export const NOBLE = { heading: '@noble', forms: [{ id: 'noble' }] };

/** @type {Column} */
export const HPKE_JS = { heading: '@hpke/core, ready keys', forms: [{ id: 'hpke-js:ready' }] };

/**
 * Whether a column has a figure in a case.
 *
 * @param {readonly import('../types.js').ContenderResult[]} contenders
 * @param {Column} column
 */
export function isCompared(contenders, column) {
  return findForm(contenders, column) !== undefined;
}

/**
 * What stands in a column: `2.0× ±4%`, with the mark of the form that it is.
 *
 * @param {readonly import('../types.js').ContenderResult[]} contenders
 * @param {Column} column
 * @returns {string}
 */
export function columnText(contenders, column) {
  const found = findForm(contenders, column);
  if (found === undefined) return '–';
  const { ratio, mark } = found;
  return `${formatRatio(ratio.median)} ${formatHalfWidth(ratio)}${mark === undefined ? '' : ` (${mark})`}`;
}

/**
 * @param {readonly import('../types.js').ContenderResult[]} contenders
 * @param {Column} column
 */
function findForm(contenders, { forms }) {
  for (const { id, mark } of forms) {
    const ratio = contenders.find((contender) => contender.id === id)?.ratio;
    if (ratio !== undefined) return { ratio, mark };
  }
  return undefined;
}
