/** The runtimes with a SQLite of their own, as `npm run conformance -- --install` installs them. */
import { fileURLToPath } from 'node:url';

const packages = new URL('../conformance/runtimes/node_modules/', import.meta.url);

/** A runtime and how it is started. */
export interface Runtime {
  readonly name: string;
  /** The executable and its parameters, before the program's file. */
  readonly command: readonly string[];
  /** Which module of SQLite the program is bundled with. */
  readonly sqlite: 'node' | 'bun';
}

function runtime(name: string, executable: string, parameters: string[], sqlite: Runtime['sqlite'] = 'node'): Runtime {
  const path = fileURLToPath(new URL(executable, packages));
  return { name, command: [path, ...parameters], sqlite };
}

/** Deno gives its SQLite in full with full permissions only. */
const DENO = ['run', '--no-prompt', '--no-remote', '--cached-only', '--allow-all'];

export const RUNTIMES: readonly Runtime[] = [
  ...[22, 24, 26].map((version) =>
    runtime(`Node ${version}`, `node${version}/bin/node`, ['--disable-warning=ExperimentalWarning']),
  ),
  runtime('Deno', '@deno/linux-x64-glibc/deno', DENO),
  runtime('Bun', '@oven/bun-linux-x64/bin/bun', ['run', '--no-install'], 'bun'),
  runtime('Bun, its node:sqlite', '@oven/bun-linux-x64/bin/bun', ['run', '--no-install']),
];
