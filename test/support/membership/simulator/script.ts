/**
 * Random scenarios: arrays of small numbers, so that fast-check can shrink them, and what they mean in a world.
 *
 * @module
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withSeededCrypto } from '../seeded-crypto.js';
import { Adversary } from './adversary.js';
import { checkConvergence, checkPeer, checkSealedToNoneKicked, checkStoredBytes } from './invariants.js';
import type { Peer } from './peer.js';
import { World } from './world.js';

/** What can happen, and how often it does. */
const ACTS = {
  deliver: 7,
  kick: 4,
  rotate: 3,
  backDate: 3,
  part: 2,
  heal: 1,
  add: 1,
  equivocate: 1,
  mint: 1,
  sync: 1,
  restore: 1,
  lose: 1,
  say: 1,
  replay: 1,
  backUp: 1,
  turnClock: 1,
  sealWrongSecret: 1,
  leaveOut: 1,
  spoilSlot: 1,
} as const;

type Act = keyof typeof ACTS;

/** One thing that happens. The numbers are taken modulo what there is to choose from. */
interface Step {
  readonly act: Act;
  /** Who does it. */
  readonly who: number;
  /** To whom, or which one. */
  readonly whom: number;
  /** In which way. */
  readonly how: number;
}

/** A scenario. */
export interface Script {
  readonly people: string;
  /** Everything random inside the library follows from it. */
  readonly seed: number;
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.oneof(...Object.entries(ACTS).map(([act, weight]) => ({ weight, arbitrary: fc.constant(act as Act) }))),
  who: fc.nat(7),
  whom: fc.nat(15),
  how: fc.nat(15),
});

/** Scenarios in groups of this size or that, given with how often each is wanted. */
export function scripts(groups: Readonly<Record<string, number>>, maxLength: number): fc.Arbitrary<Script> {
  const people = Object.entries(groups).map(([group, weight]) => ({ weight, arbitrary: fc.constant(group) }));
  return fc.record({
    people: fc.oneof(...people),
    seed: fc.nat(0xffff),
    steps: fc.array(step, { minLength: 3, maxLength, size: 'max' }),
  });
}

const NEWCOMERS = ['yan', 'zoe'];

async function perform(world: World, { act, who, whom, how }: Step): Promise<void> {
  const insiders = world.inGroup().map(({ name }) => name);
  const pick = (index: number) => insiders[index % insiders.length] as string;
  const [self, other] = [pick(who), pick(whom)];
  const adversary = new Adversary(world, self);
  const acts: Record<Act, () => void | Promise<void>> = {
    deliver: () => {
      for (let i = 0; i <= how % 4; i++) world.deliver(whom + i, how > 11);
    },
    kick: () => world.kick(self, other),
    rotate: () => world.rotate(self),
    backDate: () => adversary.backDate(whom, how),
    part: () => world.part(insiders.filter((_, i) => ((whom + 1) >> i) & 1)),
    heal: () => world.heal(),
    add: () => {
      const kicked = world.inGroup().filter(({ isMember }) => !isMember);
      const joiners = [...kicked.map(({ name }) => name), ...NEWCOMERS];
      return world.add(self, joiners[whom % joiners.length] as string, how % 3 === 0 ? 'member' : 'admin');
    },
    equivocate: () => adversary.equivocate(how),
    mint: () => adversary.mint(whom, how),
    sync: () => world.sync(self, other),
    restore: () => world.restore(self),
    lose: () => world.lose(whom),
    say: () => world.say(self),
    replay: () => world.replay(self),
    backUp: () => world.backUp(self),
    turnClock: () => world.turnClock(self, (how - 8) * 40_000_000),
    sealWrongSecret: () => adversary.sealWrongSecret(),
    leaveOut: () => adversary.leaveOut(other),
    spoilSlot: () => adversary.spoilSlot(other),
  };
  await acts[act]();
}

function checkTouched(world: World): void {
  for (const peer of world.touched) checkPeer(peer);
  for (const peer of world.sealed) checkSealedToNoneKicked(peer);
  world.touched.clear();
  world.sealed.clear();
}

/** Everyone hears everything, and must agree. */
export function converge(world: World): void {
  world.exchangeEverything();
  checkTouched(world);
  checkConvergence(world);
}

/** Where an envelope was bad the founder, whom nobody can kick, mends it by another rotate. */
function mend(world: World): void {
  if (!world.someoneLacksSecret) return;
  world.rotate((world.peers[0] as Peer).name);
  converge(world);
  assert.ok(!world.someoneLacksSecret, 'another rotate does not mend a bad envelope');
}

/** One after the other does again what it lost. */
function replayEverything(world: World): void {
  for (const { name } of world.inGroup()) {
    world.replay(name);
    world.exchangeEverything();
  }
  converge(world);
}

/** Plays a scenario to its end, where everyone hears everything, with all checks after every step. */
async function playIn(world: World, { seed, steps }: Script): Promise<void> {
  for (const one of steps) {
    await perform(world, one);
    checkTouched(world);
  }
  converge(world);
  mend(world);
  // The slow parts of a few scenarios.
  if (seed % 16 === 1) replayEverything(world);
  if (seed % 16 === 0) checkStoredBytes(world.inGroup()[seed % 3] as Peer);
}

/** @throws Error that tells the story up to the failure */
export async function play(script: Script): Promise<void> {
  const world = await World.of(script.people);
  try {
    await withSeededCrypto(script.seed, () => playIn(world, script));
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error([what, 'The story:', ...world.story].join('\n  '), { cause });
  } finally {
    world.close();
  }
}
