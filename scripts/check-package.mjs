// @ts-check
/**
 * Examines the tarball as users and registries do: publint, "are the types wrong", a strict TypeScript program that
 * imports every entry point, and a rehearsal of publishing to JSR. `npm run check:package`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from '../test/conformance/install-missing.mjs';
import { installPackage, packLibrary } from '../test/conformance/installed-package.mjs';
import { fromNpm, scopedExecutable, tools } from '../test/conformance/requirements.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const findDeno = () => scopedExecutable('@deno', 'deno');

/**
 * @param {string} what
 * @param {() => void} work throws where something is wrong
 */
function check(what, work) {
  try {
    work();
    console.log(`ok       ${what}`);
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = /** @type {{ stdout?: string, stderr?: string, message: string }} */ (error);
    console.log(`WRONG    ${what}\n${`${stdout}${stderr}`.trim() || message}`);
    process.exitCode = 1;
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [settings]
 */
function run(command, parameters, settings) {
  return execFileSync(command, parameters, { cwd: root, encoding: 'utf8', stdio: 'pipe', ...settings });
}

/** A program with no types but the language's and the browser's, which looks into every declaration of ours. */
function compileUser(/** @type {string} */ folder) {
  const specifiers = Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([key]) => key.replace('.', manifest.name));
  const lines = specifiers.map((specifier, i) => `import * as entry${i} from '${specifier}';\nconsole.log(entry${i});`);
  writeFileSync(join(folder, 'user.ts'), lines.join('\n'));
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const options = '--strict --noEmit --target es2022 --module nodenext --lib es2023,dom,dom.iterable'.split(' ');
  run(process.execPath, [compiler, ...options, '--types', '', 'user.ts'], { cwd: folder });
}

/** What JSR reads must say the same as what npm reads. */
function compareManifests() {
  const jsr = JSON.parse(readFileSync(join(root, 'jsr.json'), 'utf8'));
  const modules = Object.entries(manifest.exports).filter(([, target]) => target.default?.endsWith('.js'));
  const expected = {
    version: manifest.version,
    license: manifest.license,
    exports: Object.fromEntries(modules.map(([key, target]) => [key, target.default])),
  };
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify(jsr[name]) !== JSON.stringify(value)) throw new Error(`${name} is not as package.json has it`);
  }
}

function rehearseJsr() {
  const parameters = ['publish', '--dry-run', '--allow-dirty', '--no-check'];
  const { status, stdout, stderr } = spawnSync(findDeno() ?? 'deno', parameters, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
  });
  if (status !== 0 || stderr.includes('warning[')) throw new Error(`${stdout}${stderr}`);
}

installMissing([tools, fromNpm(findDeno)]);
const subject = installPackage(null);
try {
  const tarball = packLibrary(subject.workFolder);
  const tool = (/** @type {string} */ name) =>
    fileURLToPath(new URL(`../test/conformance/tools/node_modules/.bin/${name}`, import.meta.url));
  check('publint', () => run(tool('publint'), ['run', tarball, '--strict']));
  check('are the types wrong', () => run(tool('attw'), [tarball, '--profile', 'esm-only', '--quiet']));
  check('a strict TypeScript program with every entry point', () => compileUser(subject.folder));
  check('jsr.json says what package.json says', compareManifests);
  check('publishing to JSR, rehearsed', rehearseJsr);
} finally {
  rmSync(dirname(subject.folder), { recursive: true, force: true });
}
