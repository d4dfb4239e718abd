/**
 * `arborist-mesh/conformance`: the suite that a runtime, or an implementation in it, is checked with. No test framework
 * and no Node API: whatever loads the library can run it.
 *
 * @module
 */
export {
  type AreaListing,
  type AreaReport,
  type CheckReport,
  type ConformanceOptions,
  type ConformanceReport,
  listChecks,
  runConformance,
} from './run.js';
export type { RuntimeDescription } from './runtime.js';
export { vectorFiles } from './vectors.js';
