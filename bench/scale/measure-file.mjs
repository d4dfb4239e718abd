/**
 * The measured process: opens the database file of the first argument with the driver of the second one, reads and writes a
 * little, and prints what that took as JSON.
 *
 * @module
 */
import { currentEpoch, openDatabase, roster } from 'arborist-mesh';

const MUTATIONS = 21;
const [file = '', driver = 'sql.js'] = process.argv.slice(2);

/**
 * @template Result
 * @param {() => Result | Promise<Result>} work
 * @returns {Promise<{ result: Result, ms: number, processorMs: number }>}
 */
async function timed(work) {
  const start = performance.now();
  const processor = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(processor);
  return { result, ms: performance.now() - start, processorMs: (user + system) / 1_000 };
}

// What any program with the library takes, so that the difference is the database's.
(await openDatabase()).close();
const before = process.memoryUsage().rss;
const opened = await timed(() => openDatabase({ file, driver: /** @type {'sql.js' | 'native'} */ (driver) }));
const db = opened.result;
const read = await timed(() => roster(db, currentEpoch(db) ?? 0).length);
const mutations = [];
for (let index = 0; index < MUTATIONS; index++) {
  mutations.push((await timed(() => db.sql.run("INSERT OR REPLACE INTO meta VALUES ('row', ?)", [index]))).ms);
}
const residentBytes = process.memoryUsage().rss - before;
const closed = await timed(() => db.close());
mutations.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({
    openMs: opened.ms,
    openProcessorMs: opened.processorMs,
    rosterMs: read.ms,
    mutationMs: mutations[MUTATIONS >> 1],
    closeMs: closed.ms,
    residentBytes,
    members: read.result,
  }),
);
