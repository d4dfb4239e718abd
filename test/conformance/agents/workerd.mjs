// @ts-check
/**
 * The suite in workerd, which compiles no bytes: the configuration provides both modules, compiled.
 *
 * @module
 */
import { useSqliteModule } from 'arborist-mesh';
import { runConformance } from 'arborist-mesh/conformance';
import core from 'arborist-mesh/core.wasm';
import { useCoreModule } from 'arborist-mesh/crypto';
import sqlite from 'arborist-mesh/sqlite.wasm';

useCoreModule(core);
useSqliteModule(sqlite);

export default {
  async test() {
    const report = await runConformance({ onProgress: (area, { name }) => console.log(`${area}: ${name}`) });
    console.log(`conformance-report ${JSON.stringify(report)}`);
  },
};
