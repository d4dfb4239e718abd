/**
 * A whole life of a group on real databases in memory, from a fixed seed: every byte that peers hand to each other is the
 * same in every runtime.
 *
 * @module
 */
import { base64urlDecode } from '../../codec/base64url.js';
import {
  checkMembershipProof,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  openGossip,
  roster,
  verifyHistory,
} from '../../index.js';
import type { Area, CheckContext } from '../area.js';
import { expectBytes, expectEqual, expectMeshError, expectThat } from '../expect.js';
import { PAST_CUT, playStory, STORY_TIME, type Story, type StoryStep } from '../story.js';
import { readVectors } from '../vectors.js';

/** Plays the story for a check, and closes its databases. */
function withStory(check: (story: Story, context: CheckContext) => void | Promise<void>) {
  return async (context: CheckContext) => {
    const story = await playStory();
    try {
      await check(story, context);
    } finally {
      for (const db of Object.values(story.peers)) db.close();
    }
  };
}

function contentOf({ steps }: Story, name: string): Uint8Array {
  const content = steps.find((step) => step.name === name)?.content;
  if (typeof content !== 'object') throw new Error(`the story has no bytes ${name}`);
  return content;
}

function groupOf(db: MeshDatabase) {
  const { group } = meshStatus(db);
  if (group === null) throw new Error('expected a group');
  return group;
}

function checkStep({ name, kind, by, content }: StoryStep, expected: ExpectedStep | undefined): void {
  expectEqual('step', name, expected?.name ?? '');
  expectEqual(`${name}: kind`, kind as string, expected?.kind);
  expectEqual(`${name}: by`, by as string, expected?.by);
  if (typeof content === 'string') expectEqual(name, content, expected?.text);
  else expectBytes(name, content, base64urlDecode(expected?.bytes ?? ''));
}

interface ExpectedStep {
  readonly name: string;
  readonly kind: string;
  readonly by: string;
  readonly text?: string;
  readonly bytes?: string;
}

/** See the module's header. */
export const STORY: Area = {
  name: 'story',
  checks: [
    {
      name: 'from a fixed seed every invite, request, welcome, event and message has the bytes that it must have',
      run: withStory(({ steps }, { record }) => {
        const expected = readVectors<{ source: string; steps: ExpectedStep[] }>('protocol/story.json').steps;
        expectEqual('number of steps', steps.length, expected.length);
        for (const [i, step] of steps.entries()) {
          checkStep(step, expected[i]);
          record(step.name, step.content);
        }
      }),
    },
    {
      name: 'all peers agree on head and roster, and verify their history again',
      run: withStory(({ peers: { ada, ben, cleo, dan } }, { record }) => {
        for (const db of [ada, ben, dan]) {
          const { epoch, head } = groupOf(db);
          expectEqual('epoch', epoch, 6);
          expectBytes('head', head, groupOf(ada).head);
          expectEqual(
            'roster',
            roster(db)
              .map(({ memberId, role }) => `${memberId} ${role}`)
              .sort()
              .join(),
            'ada admin,ben admin,dan member',
          );
        }
        for (const db of [ada, ben, cleo, dan]) {
          expectEqual('problems', verifyHistory(db).problems.join(), '');
          record('epochs and events', `${verifyHistory(db).epochs} ${verifyHistory(db).events}`);
        }
        record('head', groupOf(ada).head);
      }),
    },
    {
      name: 'the kicked member reads nothing of later epochs, and is not heard past the cut',
      run: withStory((story) => {
        const { ada, cleo } = story.peers;
        expectEqual('the kicked member has a role', groupOf(cleo).role, null);
        const sealed = contentOf(story, 'gossip of ben in epoch 4');
        expectMeshError('opening', 'no-epoch-secret', () => openGossip(cleo, sealed));
        expectMeshError('hearing', 'past-cut', () => openGossip(ada, contentOf(story, PAST_CUT)));
      }),
    },
    {
      name: 'a proof of membership convinces whoever knows the group id, and nobody else',
      run: withStory((story, { record }) => {
        const proof = contentOf(story, 'proof that cleo was a member in epoch 3');
        const { groupId } = groupOf(story.peers.ada);
        const proven = checkMembershipProof(proof, groupId);
        expectEqual('proven member', proven.memberId, 'cleo');
        expectEqual('proven epoch', proven.epoch, 3);
        expectMeshError('for another group', 'invalid-event', () => checkMembershipProof(proof, new Uint8Array(32)));
        record('event', proven.eventId);
      }),
    },
    {
      name: 'a database that was exported and opened again holds the same group, and begins a new stream',
      run: withStory(async ({ peers: { ada } }) => {
        const again = await openDatabase({ bytes: ada.export(), now: () => STORY_TIME });
        expectBytes('head', groupOf(again).head, groupOf(ada).head);
        expectEqual('problems', verifyHistory(again).problems.join(), '');
        expectThat(again.lineage.join() !== ada.lineage.join(), 'another lineage');
        again.close();
      }),
    },
  ],
};
