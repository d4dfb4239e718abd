/**
 * `prove` and `check`: that someone was a member, for anyone who knows the group id.
 *
 * @module
 */
import { Command } from 'commander';
import { checkMembershipProof, currentEpoch, membershipProof, meshStatus, type ProvenMembership } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { noGroup } from '../failure.js';
import { displayText, type Style, shortId } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { parseEpoch, parseId } from '../option-values.js';
import { formatFields } from '../table.js';

interface ProveOptions extends OutOptions {
  readonly epoch?: number;
}

/** `prove MEMBER [--epoch N] [--out FILE]`. */
export function proveCommand(io: CommandIo): Command {
  return new Command('prove')
    .summary('prove to anyone that someone was a member at an epoch')
    .description('Prints a proof that someone was a member at an epoch, in which role, and with which keys.')
    .argument('<member>', "the member's name at that epoch")
    .option('--epoch <n>', 'the epoch (default: the current one)', parseEpoch)
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The proof holds the signed events from the founding to that epoch, and no secret. Whoever knows the group id can check it with `arborist mesh check`, without a database of the group.',
        ],
        examples: [['arborist mesh prove ben --epoch 3 > proof.txt', 'for the third epoch']],
        json: { epoch: 'number of the epoch', proof: 'the proof, base64url' },
      }),
    )
    .action(async (memberId: string, { epoch: wanted, ...out }: ProveOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out, async () => {
        const { epoch, proof } = await call.withDatabase('read', (db) => {
          const epoch = wanted ?? currentEpoch(db);
          if (epoch === null) throw noGroup();
          return { epoch, proof: membershipProof(db, memberId, epoch) };
        });
        const remark = `${displayText(memberId)} at epoch ${epoch}. To be checked with: arborist mesh check PROOF`;
        return { bytes: proof, document: { epoch, proof }, remarks: [remark] };
      });
    });
}

/** `check PROOF [--group-id ID]`. */
export function checkCommand(io: CommandIo): Command {
  return new Command('check')
    .summary('check a proof of membership')
    .description('Checks a proof of membership with nothing but the group id.')
    .argument('<proof>', 'what `prove` printed')
    .option('--group-id <id>', 'the group (default: that of the database)', parseId)
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('PROOF'),
          "Take the group id from a source that you trust. A proof shows that the group's own admins signed this history; it cannot show that no other branch exists.",
        ],
        examples: [
          ['arborist mesh check proof.txt', 'for the group of the database'],
          ['arborist mesh check proof.txt --group-id ID', 'without a database'],
        ],
        json: {
          memberId: 'name of the member',
          mid: 'id of the membership, base64url',
          signPub: 'its signing key, base64url',
          dhPub: 'its key agreement key, base64url',
          role: 'admin or member',
          sinceEpoch: 'the epoch in which it became a member',
          epoch: 'the epoch that the proof is about',
          eventId: 'id of the event that began that epoch, base64url',
        },
      }),
    )
    .action(async (argument: string, options: { readonly groupId?: Uint8Array }, command: Command) => {
      const call = new CommandCall(io, command);
      const proof = await readBytesArgument(io, 'PROOF', argument);
      const groupId = options.groupId ?? (await ownGroupId(call));
      const { memberId, mid, signPub, dhPub, role, sinceEpoch, epoch, eventId } = checkMembershipProof(proof, groupId);
      const document = { memberId, mid, signPub, dhPub, role, sinceEpoch, epoch, eventId };
      await call.answer(document, () => provenLines(document, call.style));
    });
}

async function ownGroupId(call: CommandCall): Promise<Uint8Array> {
  const { group } = await call.withDatabase('read', meshStatus);
  if (group === null) throw noGroup();
  return group.groupId;
}

function provenLines({ memberId, mid, signPub, role, epoch, sinceEpoch }: ProvenMembership, style: Style): string[] {
  return formatFields(
    [
      ['Proven', style.good(`${displayText(memberId)} was ${role} at epoch ${epoch}`)],
      ['Since', `epoch ${sinceEpoch}`],
      ['Membership', shortId(mid)],
      ['Signing key', shortId(signPub)],
    ],
    style,
  );
}
