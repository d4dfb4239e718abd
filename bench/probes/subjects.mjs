/**
 * The libraries that the probes of start-up, memory and bundle size look at. Each has a small module with the same
 * functions, as a program that uses it would have.
 *
 * @module
 */

/** @type {readonly { id: string, label: string }[]} */
export const SUBJECTS = [
  { id: 'arborist', label: 'arborist-mesh/crypto' },
  { id: 'libsodium', label: 'libsodium.js' },
  { id: 'noble', label: '@noble' },
  { id: 'stablelib', label: 'stablelib' },
  { id: 'tweetnacl', label: 'tweetnacl (another cipher)' },
];

/** The subject that does nothing. */
export const EMPTY = 'empty';

/** @param {string} id */
export function subjectFile(id) {
  return new URL(`./subjects/${id}.mjs`, import.meta.url);
}
