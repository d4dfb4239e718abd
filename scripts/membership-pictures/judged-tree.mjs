// @ts-check
/**
 * A small history of membership events, written as sentences, and what the library's own rule makes of it.
 */

/**
 * What is drawn of an event, before anything is judged.
 *
 * @typedef {object} TreeEvent
 * @property {Uint8Array} id one byte is enough here; it decides ties as ids do
 * @property {Uint8Array | null} parent
 * @property {number} epoch
 * @property {Uint8Array} actor the `mid`, which is the id of the event that added the actor
 * @property {Uint8Array | null} target the `mid` that a kick removes
 * @property {string} name the actor's name
 * @property {'founds' | 'adds' | 'kicks' | 'rotates'} verb
 * @property {string} subject whom an add or a kick is about
 * @property {'admin' | 'member'} role the role that an add gives
 * @property {number} lane the row that it is drawn in
 * @property {TreeEvent | null} before the parent
 */

/**
 * `head` and `path`: on the path to the head. `void`: hit by a kick that counts, or building on such an event. `lost`:
 * on another branch that lost. `refused`: not valid, so that the rule never sees it.
 *
 * @typedef {'head' | 'path' | 'lost' | 'void' | 'refused'} Fate
 */

/**
 * @typedef {object} JudgedTree
 * @property {TreeEvent[]} events parents first
 * @property {ReadonlyMap<TreeEvent, Fate>} fates
 * @property {ReadonlySet<TreeEvent>} countedKicks
 * @property {{ kick: TreeEvent, event: TreeEvent }[]} hits which event each counted kick makes void
 * @property {[TreeEvent, TreeEvent][]} contradictions two events of one actor on one parent
 * @property {string[]} seniority the names of all admins, the most senior first
 */

/**
 * The functions of the library that decide.
 *
 * @typedef {object} Rules
 * @property {typeof import('../../src/mesh/fork-choice.js').chooseHead} chooseHead
 * @property {typeof import('../../src/mesh/rank.js').outranks} outranks
 * @property {typeof import('../../src/mesh/rank.js').compareSeniority} compareSeniority
 */

/**
 * One branch: the id of the event that it leaves from (null for the first), and its events, each the next one's parent.
 *
 * @typedef {{ from: string | null, events: string[] }} Branch
 */

/** `30 Ada adds Ben as admin`: id, actor, verb, and whom it is about. */
const SENTENCE = /^([0-9a-f]{2}) (\w+) (founds|adds|kicks|rotates)(?: (\w+))?(?: as (admin|member))?$/;

/** @param {TreeEvent | null} event */
function* pathDown(event) {
  for (let at = event; at !== null; at = at.before) yield at;
}

/**
 * The member instance of a name on the path to an event: the last add of that name.
 *
 * @param {TreeEvent | null} event
 * @param {string} name
 */
function instanceOf(event, name) {
  for (const at of pathDown(event)) {
    if (at.verb === 'founds' ? at.name === name : at.verb === 'adds' && at.subject === name) return at;
  }
  throw new Error(`${name} is not a member there`);
}

/**
 * @param {string} sentence
 * @param {TreeEvent | null} before
 * @param {number} lane
 * @returns {TreeEvent}
 */
function parseEvent(sentence, before, lane) {
  const [, hex, name, verb, subject = '', role = 'member'] = SENTENCE.exec(sentence) ?? [];
  if (hex === undefined || name === undefined) throw new Error(`not a sentence about an event: ${sentence}`);
  const id = Uint8Array.of(Number.parseInt(hex, 16));
  return {
    id,
    parent: before?.id ?? null,
    epoch: before === null ? 0 : before.epoch + 1,
    actor: before === null ? id : instanceOf(before, name).id,
    target: verb === 'kicks' ? instanceOf(before, subject).id : null,
    name,
    verb: /** @type {TreeEvent['verb']} */ (verb),
    subject,
    role: /** @type {TreeEvent['role']} */ (role),
    lane,
    before,
  };
}

/** @param {Branch[]} branches */
function parseBranches(branches) {
  /** @type {Map<string, TreeEvent>} */
  const byId = new Map();
  for (const [lane, { from, events }] of branches.entries()) {
    let before = from === null ? null : (byId.get(from) ?? null);
    for (const sentence of events) {
      before = parseEvent(sentence, before, lane);
      byId.set(sentence.slice(0, 2), before);
    }
  }
  return [...byId.values()].sort((a, b) => a.epoch - b.epoch || a.lane - b.lane);
}

/** @param {TreeEvent} event the event that added someone */
const memberOf = ({ id, epoch, verb, role }) => ({
  mid: id,
  sinceEpoch: epoch,
  role: verb === 'founds' ? /** @type {const} */ ('admin') : role,
});

/**
 * Whether an event may be made at all, as far as pictures go: of its actor's rank.
 *
 * @param {Rules} rules
 * @param {TreeEvent} event
 */
function isValid({ outranks }, { name, verb, subject, before }) {
  if (before === null) return verb === 'founds';
  const actor = memberOf(instanceOf(before, name));
  if (verb === 'kicks') return outranks(actor, memberOf(instanceOf(before, subject)));
  return actor.role === 'admin';
}

/**
 * @param {TreeEvent} a
 * @param {TreeEvent} b
 */
const areRelated = (a, b) => [...pathDown(a)].includes(b) || [...pathDown(b)].includes(a);

/**
 * Builds the tree and asks the library for its head.
 *
 * @param {Rules} rules
 * @param {Branch[]} branches
 * @returns {JudgedTree}
 */
export function judgeTree(rules, branches) {
  const events = parseBranches(branches);
  const valid = events.filter((event) => isValid(rules, event));
  const { head, standingKicks } = rules.chooseHead(valid);
  const path = new Set(pathDown(head));
  const hits = standingKicks.flatMap((kick) =>
    valid
      .filter((event) => event.actor[0] === kick.target?.[0] && !path.has(event) && !areRelated(event, kick))
      .map((event) => ({ kick, event })),
  );
  const hit = new Set(hits.map(({ event }) => event));

  /** @param {TreeEvent} event @returns {Fate} */
  const fateOf = (event) => {
    if (event === head) return 'head';
    if (path.has(event)) return 'path';
    if (!valid.includes(event)) return 'refused';
    return [...pathDown(event)].some((at) => hit.has(at)) ? 'void' : 'lost';
  };
  /** @type {[TreeEvent, TreeEvent][]} */
  const contradictions = valid.flatMap((a, index) =>
    valid
      .slice(index + 1)
      .filter((b) => b.before === a.before && b.actor[0] === a.actor[0])
      .map((b) => /** @type {[TreeEvent, TreeEvent]} */ ([a, b])),
  );
  const admins = valid.filter((event) => event.verb === 'founds' || (event.verb === 'adds' && event.role === 'admin'));
  admins.sort((a, b) => rules.compareSeniority(memberOf(a), memberOf(b)));
  return {
    events,
    fates: new Map(events.map((event) => [event, fateOf(event)])),
    countedKicks: new Set(standingKicks),
    hits,
    contradictions,
    seniority: [...new Set(admins.map(({ verb, name, subject }) => (verb === 'founds' ? name : subject)))],
  };
}
