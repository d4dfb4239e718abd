/**
 * The hard cases of the rule for forks, each with the head and roster that a person finds with pencil and paper.
 *
 * In all of them ada is the founder and adds the others in alphabetical order, so that seniority is alphabetical too.
 *
 * @module
 */
import { compareBytes } from '../../../../src/bytes.js';
import { add, groupOf, kick, rotate, type TreeCase } from './tree-case.js';

function seniorBranchWins(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan');
  tree.sign('cleo 1', 'dan', 'cleo', rotate);
  tree.sign('cleo 2', 'cleo 1', 'cleo', rotate);
  tree.sign('cleo 3', 'cleo 2', 'cleo', rotate);
  tree.sign('ben kicks dan', 'dan', 'ben', kick('dan'));
  return {
    title: 'the branch on which the most senior admin acted wins, however long the other one is',
    because: 'ben is senior to cleo, so his one event decides over her three.',
    tree,
    arrivals: ['ben', 'cleo', 'dan', 'cleo 1', 'cleo 2', 'cleo 3', 'ben kicks dan'],
    head: 'ben kicks dan',
    roster: 'ada* ben* cleo*',
  };
}

function longerBranchOfOneWins(): TreeCase {
  const tree = groupOf('ada* ben* cleo');
  tree.sign('short', 'cleo', 'ben', kick('cleo'));
  tree.sign('long 1', 'cleo', 'ben', rotate);
  tree.sign('long 2', 'long 1', 'ben', rotate);
  return {
    title: 'of one admin’s branches the longer one wins',
    because: 'ben signed on both (as after restoring a backup), and of his events the highest epoch goes first.',
    tree,
    arrivals: ['ben', 'cleo', 'short', 'long 1', 'long 2'],
    head: 'long 2',
    roster: 'ada* ben* cleo',
    equivocators: 'ben',
  };
}

function backDatedEventsAreVoid(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan* eve');
  tree.sign('ada rotates', 'eve', 'ada', rotate);
  tree.sign('ben kicks cleo', 'eve', 'ben', kick('cleo'));
  tree.sign('cleo rotates', 'ada rotates', 'cleo', rotate);
  tree.sign('cleo kicks eve', 'cleo rotates', 'cleo', kick('eve'));
  tree.sign('cleo on an old parent', 'dan', 'cleo', kick('dan'));
  tree.sign('dan helps', 'cleo kicks eve', 'dan', rotate);
  return {
    title: 'a kicked admin’s back-dated events change neither head nor roster',
    because:
      'ben’s kick lost its branch to ada but counts: what cleo signed without having seen it is void, and so is what dan built on that.',
    tree,
    arrivals: [
      ...['ben', 'cleo', 'dan', 'eve', 'ada rotates', 'ben kicks cleo'],
      ...['cleo rotates', 'cleo kicks eve', 'cleo on an old parent', 'dan helps'],
    ],
    head: 'ada rotates',
    roster: 'ada* ben* cleo* dan* eve',
  };
}

function kicksOfVoidEventsDoNotCount(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan* eve');
  tree.sign('ada rotates', 'eve', 'ada', rotate);
  tree.sign('ben kicks cleo', 'eve', 'ben', kick('cleo'));
  tree.sign('cleo kicks dan', 'eve', 'cleo', kick('dan'));
  tree.sign('dan kicks eve', 'ada rotates', 'dan', kick('eve'));
  return {
    title: 'a kick that is void makes nothing void',
    because: 'cleo was kicked by ben, so that her kick of dan does not count, and dan’s event on the head stands.',
    tree,
    arrivals: ['ben', 'cleo', 'dan', 'eve', 'ada rotates', 'ben kicks cleo', 'cleo kicks dan', 'dan kicks eve'],
    head: 'dan kicks eve',
    roster: 'ada* ben* cleo* dan*',
  };
}

function mintedAccountsGainNothing(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan*');
  tree.sign('ada rotates', 'dan', 'ada', rotate);
  tree.sign('ben kicks cleo', 'dan', 'ben', kick('cleo'));
  tree.sign('cleo mints on the head', 'ada rotates', 'cleo', add('puppet', 'admin'));
  tree.sign('puppet rotates', 'cleo mints on the head', 'puppet', rotate);
  tree.sign('cleo mints early', 'cleo', 'cleo', add('golem', 'admin'));
  tree.sign('golem adds', 'cleo mints early', 'golem', add('imp', 'admin'));
  tree.sign('imp rotates', 'golem adds', 'imp', rotate);
  return {
    title: 'accounts minted on an old parent gain no power',
    because: 'cleo was kicked: the adds are void, and so is whatever those whom they add sign after them.',
    tree,
    arrivals: [
      ...['ben', 'cleo', 'dan', 'ada rotates', 'ben kicks cleo', 'cleo mints on the head', 'puppet rotates'],
      ...['cleo mints early', 'golem adds', 'imp rotates'],
    ],
    head: 'ada rotates',
    roster: 'ada* ben* cleo* dan*',
  };
}

function juniorsCannotKickSeniors(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan');
  tree.sign('cleo rotates', 'dan', 'cleo', rotate);
  tree.sign('on the head', 'dan', 'cleo', kick('ben'));
  tree.sign('on an old parent', 'cleo', 'cleo', kick('ada'));
  tree.sign('on her own branch', 'cleo rotates', 'cleo', kick('ben'));
  tree.sign('of herself', 'cleo rotates', 'cleo', kick('cleo'));
  tree.sign('ada kicks ben', 'dan', 'ada', kick('ben'));
  tree.sign('ben comes back', 'ada kicks ben', 'ada', add('ben', 'admin'));
  tree.sign('cleo kicks the new ben', 'ben comes back', 'cleo', kick('ben'));
  return {
    title: 'a junior’s kick of a senior is invalid on every branch',
    because: 'cleo joined after ada and ben. Only when ben was kicked and came back is his new instance her junior.',
    tree,
    arrivals: [
      ...['ben', 'cleo', 'dan', 'cleo rotates', 'on the head', 'on an old parent', 'on her own branch', 'of herself'],
      ...['ada kicks ben', 'ben comes back', 'cleo kicks the new ben'],
    ],
    head: 'cleo kicks the new ben',
    roster: 'ada* cleo* dan',
    refused: {
      'on the head': 'outranked',
      'on an old parent': 'outranked',
      'on her own branch': 'outranked',
      'of herself': 'outranked',
    },
  };
}

function concurrentEventsConverge(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan* eve');
  tree.sign('dan rotates', 'eve', 'dan', rotate);
  tree.sign('dan kicks eve', 'dan rotates', 'dan', kick('eve'));
  tree.sign('cleo kicks dan', 'eve', 'cleo', kick('dan'));
  tree.sign('cleo rotates', 'cleo kicks dan', 'cleo', rotate);
  tree.sign('ben rotates', 'eve', 'ben', rotate);
  tree.sign('ben kicks cleo', 'ben rotates', 'ben', kick('cleo'));
  tree.sign('ben adds fay', 'ben kicks cleo', 'ben', add('fay'));
  tree.sign('dan goes on', 'ben adds fay', 'dan', rotate);
  return {
    title: 'concurrent events converge under any order, loss and duplication of delivery',
    because:
      'ben’s branch wins. His kick of cleo makes her kick of dan void, so that dan’s event on the new head stands.',
    tree,
    arrivals: [
      ...['ben', 'cleo', 'dan', 'eve', 'dan rotates', 'dan kicks eve', 'cleo kicks dan', 'cleo rotates'],
      ...['ben rotates', 'ben kicks cleo', 'ben adds fay', 'dan goes on'],
    ],
    head: 'dan goes on',
    roster: 'ada* ben* dan* eve fay',
  };
}

function equivocationIsKept(): TreeCase {
  const tree = groupOf('ada* ben* cleo*');
  const one = tree.sign('one', 'cleo', 'ben', rotate);
  const other = tree.sign('other', 'cleo', 'ben', rotate);
  return {
    title: 'an equivocating admin: same head everywhere, proof stored, people told',
    because: 'of two events of one admin in one epoch the lower id goes first; both are kept, and nobody is kicked.',
    tree,
    arrivals: ['ben', 'cleo', 'one', 'other'],
    head: compareBytes(one.id, other.id) < 0 ? 'one' : 'other',
    roster: 'ada* ben* cleo*',
    equivocators: 'ben',
  };
}

function whatTheKickerSawStands(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan');
  tree.sign('cleo adds eve', 'dan', 'cleo', add('eve'));
  tree.sign('ben kicks cleo', 'cleo adds eve', 'ben', kick('cleo'));
  return {
    title: 'what a kicked admin signed before stands where the kicker had seen it',
    because: 'cleo’s add is an ancestor of the kick, so the kick does not hit it.',
    tree,
    arrivals: ['ben', 'cleo', 'dan', 'cleo adds eve', 'ben kicks cleo'],
    head: 'ben kicks cleo',
    roster: 'ada* ben* dan eve',
  };
}

function whatASeniorBuiltOnStands(): TreeCase {
  const tree = groupOf('ada* ben* cleo* dan*');
  tree.sign('cleo adds eve', 'dan', 'cleo', add('eve'));
  tree.sign('ada rotates', 'cleo adds eve', 'ada', rotate);
  tree.sign('ben kicks cleo', 'dan', 'ben', kick('cleo'));
  tree.sign('dan rotates', 'ada rotates', 'dan', rotate);
  tree.sign('cleo rotates', 'dan rotates', 'cleo', rotate);
  return {
    title: 'what a senior built on stands, although a junior kicked its author elsewhere',
    because:
      'ada’s rotate settled cleo’s add before ben’s turn, so dan may build on it; what cleo signs after that is void, since ben’s kick counts.',
    tree,
    arrivals: ['ben', 'cleo', 'dan', 'cleo adds eve', 'ada rotates', 'ben kicks cleo', 'dan rotates', 'cleo rotates'],
    head: 'dan rotates',
    roster: 'ada* ben* cleo* dan* eve',
  };
}

function comingBackIsANewInstance(): TreeCase {
  const tree = groupOf('ada* ben* cleo*');
  tree.sign('ada kicks ben', 'cleo', 'ada', kick('ben'));
  tree.sign('ada adds ben again', 'ada kicks ben', 'ada', add('ben', 'admin'));
  tree.sign('the old ben', 'cleo', 'ben', kick('cleo'));
  tree.sign('the new ben', 'ada adds ben again', 'ben', rotate);
  return {
    title: 'whoever is kicked and comes back is a new instance, whose events count',
    because: 'the kick is of the instance that was there, not of the person.',
    tree,
    arrivals: ['ben', 'cleo', 'ada kicks ben', 'ada adds ben again', 'the old ben', 'the new ben'],
    head: 'the new ben',
    roster: 'ada* ben* cleo*',
  };
}

function orphansWait(): TreeCase {
  const tree = groupOf('ada* ben* cleo');
  tree.sign('ben rotates', 'cleo', 'ben', rotate);
  tree.sign('ben kicks cleo', 'ben rotates', 'ben', kick('cleo'));
  return {
    title: 'what arrives before its parent, or before its signer is known, waits',
    because: 'an event can be verified only once its signer’s add and its parent are known.',
    tree,
    arrivals: ['ben kicks cleo', 'ben rotates', 'cleo', 'ben kicks cleo', 'ben'],
    head: 'ben kicks cleo',
    roster: 'ada* ben*',
  };
}

function founderCanRewrite(): TreeCase {
  const tree = groupOf('ada* ben* cleo*');
  tree.sign('ben adds dan', 'cleo', 'ben', add('dan'));
  tree.sign('cleo rotates', 'ben adds dan', 'cleo', rotate);
  tree.sign('ada on an old parent', 'cleo', 'ada', rotate);
  return {
    title: 'a senior admin can rewrite what no one more senior has built on (a published limit)',
    because: 'ada ranks first; the add of dan is listed for replay.',
    tree,
    arrivals: ['ben', 'cleo', 'ben adds dan', 'cleo rotates', 'ada on an old parent'],
    head: 'ada on an old parent',
    roster: 'ada* ben* cleo*',
  };
}

/** The cases, in the order in which they are best read. */
export const forkCases = (): TreeCase[] =>
  [
    seniorBranchWins,
    longerBranchOfOneWins,
    concurrentEventsConverge,
    backDatedEventsAreVoid,
    kicksOfVoidEventsDoNotCount,
    mintedAccountsGainNothing,
    juniorsCannotKickSeniors,
    equivocationIsKept,
    whatTheKickerSawStands,
    whatASeniorBuiltOnStands,
    comingBackIsANewInstance,
    orphansWait,
    founderCanRewrite,
  ].map((make) => make());
