/**
 * `enable` and `disable`: whether this peer takes part in the mesh.
 *
 * @module
 */
import { Command } from 'commander';
import { setEnabled } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { helpSections } from '../help.js';

/** `enable`. */
export function enableCommand(io: CommandIo): Command {
  return new Command('enable')
    .summary('switch the mesh on in this database')
    .description('Switches the mesh on: this peer may invite, change the roster, seal and open. Off by default.')
    .addHelpText(
      'after',
      helpSections({
        examples: [['arborist mesh enable', 'take part from now on']],
        json: { enabled: 'true' },
      }),
    )
    .action((_options: object, command: Command) => switchMesh(new CommandCall(io, command), true));
}

/** `disable`. */
export function disableCommand(io: CommandIo): Command {
  return new Command('disable')
    .summary('switch the mesh off; identity and history stay')
    .description('Switches the mesh off: nothing is made or taken in until `enable`. Identity and history stay.')
    .addHelpText(
      'after',
      helpSections({
        examples: [['arborist mesh disable', 'stand aside for a while']],
        json: { enabled: 'false' },
      }),
    )
    .action((_options: object, command: Command) => switchMesh(new CommandCall(io, command), false));
}

async function switchMesh(call: CommandCall, enabled: boolean): Promise<void> {
  await call.withDatabase('write', (db) => setEnabled(db, enabled), { secrets: 'untouched' });
  await call.answer({ enabled }, () => [`The mesh is ${enabled ? 'on' : 'off'}.`]);
}
