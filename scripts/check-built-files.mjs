// @ts-check
/**
 * Examines what is built: every entry point, with all that it imports where a runtime has no name of its own, must load in
 * any of them. So no module of Node, no top-level `await`, no `eval`, no `Buffer`, no `process`, no `require`.
 * What is for Node, Deno and Bun alone lies in `*.node.js`, `*.bun.js`, `node/` and `cli/`, and nothing else may ask for
 * a module of Node.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = new URL('../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** Names that not every runtime has, or that a strict policy forbids; a module may have names of its own like them. */
const FORBIDDEN = ['Buffer', 'process', 'require', 'module', '__dirname', '__filename', 'eval', 'Function'];
const MARK = 'FORBIDDEN_NAME_';
const FOR_NODE = /\.(?:node|bun|deno)\.js$|(?:^|\/)node\/|^cli\//;

/** @type {string[]} */
const problems = [];

/** Entry points, by specifier, that are modules. */
const entryPoints = Object.entries(exports).flatMap(([key, target]) => {
  const file = typeof target === 'string' ? target : target.default;
  return file.endsWith('.js') ? [{ specifier: key.replace('.', 'arborist-mesh'), file, target }] : [];
});

/**
 * Which file of a bundle a place is in: esbuild writes each file's name above it.
 *
 * @param {string} text
 * @param {number} place
 */
function fileAt(text, place) {
  const names = text.slice(0, place).match(/^ *\/\/ .*\.js$/gm);
  return names?.at(-1)?.trim().slice(3) ?? 'an unknown file';
}

/**
 * Bundles an entry point into a script of a page: that fails on a module of Node and on a top-level `await`, and marks
 * the names.
 *
 * @param {{ specifier: string, file: string }} entryPoint
 */
async function examineEntryPoint({ specifier, file }) {
  const { errors, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, root))],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    // Everything is examined, whether the entry point uses it or not.
    treeShaking: false,
    ignoreAnnotations: true,
    absWorkingDir: fileURLToPath(root),
    define: Object.fromEntries(FORBIDDEN.map((name) => [name, `${MARK}${name}`])),
    write: false,
    logLevel: 'silent',
  }).catch((failure) => ({ errors: failure.errors, outputFiles: [] }));
  for (const { text, location } of errors) problems.push(`${specifier}: ${text} (${location?.file})`);
  const bundle = outputFiles[0]?.text ?? '';
  for (const { 1: name, index } of bundle.matchAll(new RegExp(`\\b${MARK}(\\w+)`, 'g'))) {
    problems.push(`${specifier}: ${fileAt(bundle, index)} uses ${name}`);
  }
}

/** @param {string} file under `dist/` */
async function examineFile(file) {
  const code = readFileSync(new URL(`dist/${file}`, root), 'utf8');
  if (!FOR_NODE.test(file) && /(?:from|import)\s*\(?\s*['"]node:/.test(code)) {
    problems.push(`${file} imports a module of Node, which its name does not say`);
  }
  await transform(code, { format: 'iife', target: 'es2022', logLevel: 'silent' }).catch((failure) => {
    if (file !== 'cli/main.js') problems.push(`${file}: ${failure.errors[0]?.text}`);
  });
}

for (const entryPoint of entryPoints) {
  if (entryPoint.target.types === undefined) problems.push(`${entryPoint.specifier} has no types`);
  await examineEntryPoint(entryPoint);
}
const files = readdirSync(new URL('dist/', root), { recursive: true, encoding: 'utf8' });
const modules = files.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.js'));
for (const file of modules) await examineFile(file);

for (const problem of new Set(problems)) console.log(`WRONG    ${problem}`);
if (problems.length === 0)
  console.log(`ok       ${entryPoints.length} entry points and ${modules.length} files load anywhere`);
else process.exitCode = 1;
