/**
 * Measures one suite and reports while it works. The same in every runtime; it uses no interface of any of them.
 *
 * @module
 */
import { loadPeers } from '../peers/registry.mjs';
import { SUITES } from '../suites/registry.mjs';
import { EFFORTS } from './efforts.mjs';
import { measureCase } from './measure-case.mjs';

/**
 * @param {import('../types.js').AgentPlan} plan
 * @param {(event: import('../types.js').AgentEvent) => void} report
 */
export async function runSuite(plan, report) {
  const suite = SUITES.find(({ id }) => id === plan.suite);
  if (suite === undefined) throw new Error(`there is no suite "${plan.suite}"`);
  const effort = EFFORTS[plan.effort];
  const forms = await loadPeers((peer, reason) => report({ type: 'missing-peer', peer, reason }));
  const cases = await suite.cases(effort);
  for (const [done, benchCase] of cases.entries()) {
    report({ type: 'progress', suite: suite.id, title: benchCase.title, done, of: cases.length });
    report({ type: 'case', result: await measureCase(suite, benchCase, forms, effort) });
  }
}
