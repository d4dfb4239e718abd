/**
 * arborist-mesh as a program would bundle it: everything that `arborist-mesh/crypto` exports.
 *
 * @module
 */
export * from 'arborist-mesh/crypto';
