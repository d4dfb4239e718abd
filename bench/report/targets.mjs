/**
 * The speed the library aims at, as ratios to peers, and a comparison of a run with it. Information for those who work
 * on the core: machines differ, so no test depends on it.
 *
 * @module
 */
import { formatRatio } from './format.mjs';
import { alignColumns } from './table.mjs';

/**
 * @typedef {object} Target
 * @property {string} caseId
 * @property {string} contender
 * @property {number} atLeast
 * @property {number} [stretch]
 */

/** @type {(caseId: string, contender: string, atLeast: number, stretch?: number) => Target} */
const target = (caseId, contender, atLeast, stretch) => ({
  caseId,
  contender,
  atLeast,
  ...(stretch === undefined ? {} : { stretch }),
});

/** Stated for Node 20; `stretch` is what would be remarkable. */
const SHORT_MESSAGES = [
  { bytes: 64, sodium: 1.8, node: 4 },
  { bytes: 1_024, sodium: 2, node: 2.2 },
];
const LONG_MESSAGES = [65_536, 1_048_576];
const AEAD_FORMS = ['', '-into'];

/** @type {(size: string, sodium: number, node: number) => Target[]} */
const aeadTargets = (size, sodium, node) =>
  ['aeadEncrypt', 'aeadDecrypt'].flatMap((operation) => [
    target(`${operation}-${size}`, 'libsodium', sodium, 2.3),
    target(`${operation}-${size}`, 'node-crypto:ready', node),
  ]);

/**
 * Where a raw key of node:crypto is meant, it is in DER, the form that most programs use; a raw public key of a fresh pair
 * is asked for in JWK as well, which is several times faster.
 *
 * @type {readonly Target[]}
 */
const TARGETS = [
  target('x25519', 'libsodium', 2, 2.25),
  target('x25519', 'node-crypto:ready', 0.7),
  target('x25519', 'node-crypto:der', 2.2),
  target('dhPublicKey', 'libsodium', 2.2, 2.5),
  target('dhPublicKey', 'node-crypto:jwk', 5),
  target('dhPublicKey', 'node-crypto:der', 5),
  ...['sign', 'sign-many'].flatMap((id) => [target(id, 'libsodium', 1.8, 2.2), target(id, 'node-crypto:ready', 1.3)]),
  ...['sign-forgotten', 'sign-new'].map((id) => target(id, 'libsodium', 1.8, 2.2)),
  target('verify', 'libsodium', 1.85, 2.3),
  target('verify', 'node-crypto:ready', 1.7),
  target('verify', 'node-crypto:der', 3),
  target('verifyBatch-64', 'libsodium', 4, 5),
  target('verifyBatch-64', 'node-crypto:ready', 3.8),
  target('verifyBatch-1024', 'libsodium', 5, 6),
  target('verifyBatch-1024', 'node-crypto:ready', 4.8),
  ...AEAD_FORMS.flatMap((form) => [
    ...SHORT_MESSAGES.flatMap(({ bytes, sodium, node }) => aeadTargets(`${bytes}${form}`, sodium, node)),
    ...LONG_MESSAGES.flatMap((bytes) => aeadTargets(`${bytes}${form}`, 2, 0.35)),
  ]),
  target('hpkeSealMany-1000', 'libsodium', 2.2),
  target('hpkeSealMany-1000', 'node-crypto:der', 4),
  target('hpkeSealMany-1000', 'hpke-js:ready', 35, 45),
];

/**
 * @param {readonly import('../types.js').CaseResult[]} cases
 * @returns {{ title: string, label: string, ratio: number, atLeast: number, stretch: number | undefined, holds: boolean }[]}
 *   the targets that this run says something about
 */
export function compareWithTargets(cases) {
  return TARGETS.flatMap(({ caseId, contender, atLeast, stretch }) => {
    const result = cases.find(({ id }) => id === caseId);
    const peer = result?.contenders.find(({ id }) => id === contender);
    if (result === undefined || peer?.ratio === undefined) return [];
    const ratio = peer.ratio.median;
    return [{ title: result.title, label: peer.label, ratio, atLeast, stretch, holds: ratio >= atLeast }];
  });
}

/**
 * @param {ReturnType<typeof compareWithTargets>} comparisons
 * @returns {string}
 */
export function renderTargets(comparisons) {
  const rows = comparisons.map(({ title, label, ratio, atLeast, stretch, holds }) => [
    `${holds ? '✓' : '✗'} ${title}`,
    label,
    formatRatio(ratio),
    `≥ ${atLeast}`,
    stretch === undefined ? '' : ratio >= stretch ? `stretch ${stretch} reached` : `stretch ${stretch}`,
  ]);
  const held = comparisons.filter(({ holds }) => holds).length;
  return `Targets: ${held} of ${comparisons.length} hold\n${alignColumns(rows)}\n`;
}
