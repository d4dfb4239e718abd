// @ts-check
/**
 * Installs what rows need and this machine lacks.
 *
 * @module
 */
import { execSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** @param {readonly import('./types.js').Requirement[]} requirements */
export function installMissing(requirements) {
  const commands = new Set(requirements.filter(({ present }) => !present()).map(({ install }) => install));
  if ([...commands].some((command) => command.startsWith('apt-get'))) execSync('apt-get update', { stdio: 'ignore' });
  for (const command of commands) {
    process.stderr.write(`installing: ${command}\n`);
    execSync(command, { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
