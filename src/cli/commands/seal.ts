/**
 * `seal`: makes a message that the members of this epoch can read, and nobody else.
 *
 * @module
 */
import { Command } from 'commander';
import { sealGossip } from '../../index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { helpSections } from '../help.js';
import { readFile, readStandardInput } from '../read-bytes.js';
import { viaServer } from './wire/via-server.js';

/** `seal [FILE|-] [--out FILE]`. */
export function sealCommand(io: CommandIo): Command {
  return new Command('seal')
    .summary('seal a payload for the members of this epoch')
    .description('Signs and seals any bytes for the members of the current epoch, and prints the message.')
    .argument('[file]', 'the payload, any bytes as they are; - is standard input', '-')
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        examples: [
          ['arborist mesh seal report.pdf --out report.sealed', 'a file'],
          ["echo 'hello' | arborist mesh seal > message.txt", 'standard input'],
        ],
        json: { message: 'the sealed message, base64url' },
      }),
    )
    .action(async (file: string, options: OutOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const payload = file === '-' ? await readStandardInput(io) : await readFile(file);
      await produce(call, options, async () => {
        const { message } = await viaServer(call, 'seal', { payload }, (db) => ({ message: sealGossip(db, payload) }));
        return { bytes: message, document: { message }, remarks: [] };
      });
    });
}
