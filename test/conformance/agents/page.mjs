// @ts-check
/**
 * The suite in a page, or in a module worker.
 *
 * @module
 */
import { runConformance } from 'arborist-mesh/conformance';
import { postReport } from './post-report.mjs';

postReport(() => runConformance());
