// @ts-check
/**
 * The suite in Node, Deno and Bun: `process.mjs FOLDER`. It uses nothing that one of them lacks.
 *
 * @module
 */
import { argv } from 'node:process';
import { runConformance } from 'arborist-mesh/conformance';

const report = await runConformance({
  folder: argv[2] ?? '',
  onProgress: (area, { name }) => console.log(`${area}: ${name}`),
});
console.log(`conformance-report ${JSON.stringify(report)}`);
