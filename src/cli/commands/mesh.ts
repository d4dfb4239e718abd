/**
 * `arborist mesh`: membership and sealed gossip.
 *
 * @module
 */
import { Command } from 'commander';
import type { CommandIo } from '../command-io.js';
import { acceptCommand } from './accept.js';
import { addCommand } from './add.js';
import { backupCommand, recoverCommand } from './backup.js';
import { conflictsCommand } from './conflicts.js';
import { applyCommand, eventsCommand } from './events.js';
import { explainCommand } from './explain.js';
import { faultsCommand } from './faults.js';
import { historyCommand } from './history.js';
import { initCommand, whoamiCommand } from './identity.js';
import { inviteCommand } from './invite.js';
import { joinCommand } from './join.js';
import { kickCommand, rotateCommand } from './membership-change.js';
import { checkCommand, proveCommand } from './membership-proof.js';
import { openCommand } from './open.js';
import { passphraseCommand } from './passphrase.js';
import { pruneCommand } from './prune.js';
import { publishCommand } from './publish.js';
import { receiveCommand } from './receive.js';
import { replayCommand } from './replay.js';
import { rosterCommand } from './roster.js';
import { sealCommand } from './seal.js';
import { statusCommand } from './status.js';
import { disableCommand, enableCommand } from './switch.js';
import { verifyCommand } from './verify.js';
import { fetchCommand } from './wire/fetch.js';
import { peersCommand } from './wire/peers.js';
import { approveCommand, declineCommand, requestsCommand } from './wire/requests.js';
import { serveCommand } from './wire/serve.js';
import { syncCommand } from './wire/sync.js';
import { watchCommand } from './wire/watch.js';

/** The command `mesh` with all of its commands. */
export function meshCommand(io: CommandIo): Command {
  const mesh = new Command('mesh')
    .description('Membership and sealed gossip: who belongs to the group, and what only they can read.')
    .addHelpText('after', meshNotes);
  mesh.commandsGroup('This peer:');
  mesh.addCommand(initCommand(io)).addCommand(enableCommand(io)).addCommand(disableCommand(io));
  mesh.addCommand(statusCommand(io)).addCommand(whoamiCommand(io));
  mesh.commandsGroup('Joining:');
  mesh
    .addCommand(inviteCommand(io))
    .addCommand(joinCommand(io))
    .addCommand(addCommand(io))
    .addCommand(acceptCommand(io));
  mesh.commandsGroup('Members:');
  mesh.addCommand(rosterCommand(io)).addCommand(kickCommand(io)).addCommand(rotateCommand(io));
  mesh.commandsGroup('History:');
  mesh.addCommand(historyCommand(io)).addCommand(verifyCommand(io));
  mesh.addCommand(eventsCommand(io)).addCommand(applyCommand(io)).addCommand(explainCommand(io));
  mesh.addCommand(replayCommand(io)).addCommand(conflictsCommand(io)).addCommand(faultsCommand(io));
  mesh.addCommand(proveCommand(io)).addCommand(checkCommand(io));
  mesh.commandsGroup('Messages:');
  mesh
    .addCommand(sealCommand(io))
    .addCommand(openCommand(io))
    .addCommand(publishCommand(io))
    .addCommand(receiveCommand(io));
  mesh.commandsGroup('Network:');
  mesh.addCommand(serveCommand(io)).addCommand(syncCommand(io)).addCommand(peersCommand(io));
  mesh.addCommand(requestsCommand(io)).addCommand(approveCommand(io)).addCommand(declineCommand(io));
  mesh.addCommand(fetchCommand(io)).addCommand(watchCommand(io));
  mesh.commandsGroup('Database:');
  mesh
    .addCommand(backupCommand(io))
    .addCommand(recoverCommand(io))
    .addCommand(pruneCommand(io))
    .addCommand(passphraseCommand(io));
  mesh.commandsGroup('Help:');
  return mesh;
}

const meshNotes = `
Examples:
  Ada founds a group and invites Ben:
    $ arborist mesh init --group orchard --member-id ada && arborist mesh enable
    $ arborist mesh invite > invite.txt
  Ben asks to join:
    $ arborist mesh join invite.txt --member-id ben > request.txt
  Ada compares the fingerprint with Ben and adds him:
    $ arborist mesh add request.txt > welcome.txt
  Ben is in:
    $ arborist mesh accept welcome.txt && arborist mesh enable
  They talk, in either direction:
    $ echo 'the oak is sound' | arborist mesh seal > message.txt
    $ arborist mesh open message.txt
  After Ada changed the roster, the others follow:
    $ arborist mesh events > events.txt
    $ arborist mesh apply events.txt`;
