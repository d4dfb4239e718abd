// @ts-check
/**
 * Draws judged histories as one SVG: epochs from left to right, one row a branch, panels below each other. Coordinates are
 * whole numbers, so that the same history always gives the same bytes.
 */
import {
  CARD,
  cardShape,
  contradictionMark,
  edge,
  escapeText,
  headFlag,
  hitLine,
  kickMark,
  label,
  STYLE,
} from './style.mjs';

/**
 * @typedef {import('./judged-tree.mjs').JudgedTree} JudgedTree
 * @typedef {import('./judged-tree.mjs').TreeEvent} TreeEvent
 * @typedef {import('./style.mjs').Point} Point
 * @typedef {{ caption: string, tree: JudgedTree }} JudgedPanel
 * @typedef {{ title: string, panels: JudgedPanel[] }} JudgedPicture
 */

const MARGIN = 28;
/** From one epoch's card to the next one's, and from one row's to the next one's. */
const PITCH = { x: 156, y: 74 };
/** All pictures show as many epochs, so that they have one width and their texts one size. */
const EPOCHS = 6;
const WIDTH = 2 * MARGIN + (EPOCHS - 1) * PITCH.x + CARD.width;
const HEADER = 74;
/** A panel's caption and the names of its epochs. */
const PANEL_HEAD = 60;
const PANEL_GAP = 16;
const LEGEND_LINE = 24;
/** An estimate that keeps the legend's items apart in every usual font. */
const CHARACTER_WIDTH = 6.4;

/** @param {TreeEvent} event */
function actionOf({ verb, subject, role }) {
  if (verb === 'founds') return 'founds the group';
  return `${verb}${subject === '' ? '' : ` ${subject}`}${verb === 'adds' && role === 'admin' ? ' as admin' : ''}`;
}

/** @param {TreeEvent} event */
const hexId = ({ id }) => (id[0] ?? 0).toString(16).padStart(2, '0');

/** @param {JudgedTree} tree */
const lanesOf = ({ events }) => 1 + Math.max(...events.map(({ lane }) => lane));

/** One panel, drawn below `top`. */
class PanelDrawing {
  /**
   * @param {JudgedPanel} panel
   * @param {number} top
   */
  constructor({ caption, tree }, top) {
    this.caption = caption;
    this.tree = tree;
    this.top = top;
    this.height = PANEL_HEAD + lanesOf(tree) * PITCH.y;
  }

  /** @param {TreeEvent} event @returns {Point} the left upper corner of its card */
  corner({ epoch, lane }) {
    return { x: MARGIN + epoch * PITCH.x, y: this.top + PANEL_HEAD + lane * PITCH.y };
  }

  /** @param {TreeEvent} event */
  fate(event) {
    return this.tree.fates.get(event) ?? 'lost';
  }

  heading() {
    const epochs = Array.from({ length: EPOCHS }, (_, epoch) => {
      const x = MARGIN + epoch * PITCH.x + CARD.width / 2;
      const guide = `<path d="M${x} ${this.top + 50}V${this.top + this.height - 16}" class="guide"/>`;
      return guide + label({ x, y: this.top + 44 }, `epoch ${epoch}`, 'note', 'middle');
    });
    return [label({ x: MARGIN, y: this.top + 18 }, this.caption, 'caption'), ...epochs];
  }

  /** Those of the head path last, so that they lie on top. */
  edges() {
    const rank = (/** @type {TreeEvent} */ event) => Number(['path', 'head'].includes(this.fate(event)));
    return [...this.tree.events]
      .sort((a, b) => rank(a) - rank(b))
      .flatMap((event) => {
        if (event.before === null) return [];
        const from = this.corner(event.before);
        const to = this.corner(event);
        const middle = CARD.height / 2;
        return edge({ x: from.x + CARD.width, y: from.y + middle }, { x: to.x, y: to.y + middle }, this.fate(event));
      });
  }

  /** @param {TreeEvent} event */
  card(event) {
    const fate = this.fate(event);
    const at = this.corner(event);
    const x = at.x + CARD.width / 2;
    // Between two events of one admin at one place the ids decide.
    const idDecides = this.tree.contradictions.flat().includes(event);
    const action = actionOf(event) + (idDecides ? `, id ${hexId(event)}…` : '');
    const halo = fate === 'void' ? ' halo' : '';
    return [
      cardShape(at, CARD, fate),
      label({ x, y: at.y + 20 }, event.name, `name ${fate}${halo}`, 'middle'),
      label({ x, y: at.y + 36 }, action, `${fate}${halo}`, 'middle'),
      event.target === null ? '' : kickMark(at, this.tree.countedKicks.has(event) ? 'counts' : 'idle'),
      fate === 'head' ? headFlag({ x: at.x + CARD.width - 18, y: at.y }) : '',
    ].join('');
  }

  /** From each kick that counts to the first event that it hits in each row. */
  hitLines() {
    const firsts = this.tree.hits.filter(
      ({ kick, event }, index, all) =>
        all.findIndex((other) => other.kick === kick && other.event.lane === event.lane) === index,
    );
    return firsts.map(({ kick, event }) => {
      const from = this.corner(kick);
      const to = this.corner(event);
      return hitLine({ x: from.x + 30, y: from.y + CARD.height }, { x: to.x + CARD.width - 24, y: to.y });
    });
  }

  contradictionMarks() {
    return this.tree.contradictions.map(([a, b]) => {
      const { x } = this.corner(a);
      const y = (this.corner(a).y + this.corner(b).y + CARD.height) / 2;
      return contradictionMark({ x: x + CARD.width / 2, y });
    });
  }

  draw() {
    const cards = this.tree.events.map((event) => this.card(event));
    return [...this.heading(), ...this.edges(), ...cards, ...this.hitLines(), ...this.contradictionMarks()];
  }
}

/** What each mark means, and whether a picture has it. */
const LEGEND = [
  { fate: 'head', text: 'the head: the present roster and secret' },
  { fate: 'path', text: 'on the path to the head' },
  { fate: 'lost', text: 'on a branch that lost' },
  { fate: 'void', text: 'void: its author was kicked, or it builds on such an event' },
  { fate: 'refused', text: 'not valid: refused by everyone' },
];

/**
 * @param {JudgedPanel[]} panels
 * @returns {{ text: string, swatch: (at: Point) => string }[]}
 */
function legendItems(panels) {
  const fates = new Set(panels.flatMap(({ tree }) => [...tree.fates.values()]));
  const kicks = panels.flatMap(({ tree }) =>
    tree.events.filter((e) => e.target !== null).map((e) => tree.countedKicks.has(e)),
  );
  /** @type {{ shown: boolean, text: string, swatch: (at: Point) => string }[]} */
  const items = [
    ...LEGEND.map(({ fate, text }) => ({
      shown: fates.has(/** @type {import('./judged-tree.mjs').Fate} */ (fate)),
      text,
      swatch: (/** @type {Point} */ { x, y }) => cardShape({ x, y: y - 12 }, { width: 24, height: 15 }, fate),
    })),
    {
      shown: kicks.includes(true),
      text: 'a kick that counts',
      swatch: ({ x, y }) => kickMark({ x: x + 13, y: y - 4 }, 'counts'),
    },
    {
      shown: kicks.includes(false),
      text: 'a kick that does not',
      swatch: ({ x, y }) => kickMark({ x: x + 13, y: y - 4 }, 'idle'),
    },
    {
      shown: panels.some(({ tree }) => tree.hits.length > 0),
      text: 'what a kick makes void',
      swatch: ({ x, y }) => `<path d="M${x} ${y - 4}h24" class="hit"/>`,
    },
    {
      shown: panels.some(({ tree }) => tree.contradictions.length > 0),
      text: 'two events of one admin on one parent: kept as proof',
      swatch: ({ x, y }) => contradictionMark({ x: x + 13, y: y - 4 }),
    },
  ];
  return items.filter(({ shown }) => shown);
}

/**
 * @param {JudgedPanel[]} panels
 * @param {number} top
 */
function drawLegend(panels, top) {
  const lines = [`<path d="M${MARGIN} ${top}H${WIDTH - MARGIN}" class="rule"/>`];
  const at = { x: MARGIN, y: top + LEGEND_LINE };
  for (const { text, swatch } of legendItems(panels)) {
    const needed = 34 + Math.ceil(text.length * CHARACTER_WIDTH);
    if (at.x > MARGIN && at.x + needed > WIDTH - MARGIN) {
      at.x = MARGIN;
      at.y += LEGEND_LINE;
    }
    lines.push(swatch(at) + label({ x: at.x + 34, y: at.y }, text, 'note'));
    at.x += needed + 22;
  }
  return { lines, bottom: at.y + 20 };
}

const FATE_WORDS = {
  head: 'the head',
  path: 'on the path to the head',
  lost: 'lost',
  void: 'void',
  refused: 'not valid',
};

/** The picture in words, for those who do not see it. @param {JudgedPanel} panel */
function describePanel({ caption, tree }) {
  const events = tree.events.map((event) => {
    const fate = tree.fates.get(event) ?? 'lost';
    return `epoch ${event.epoch}, ${event.name} ${actionOf(event)}: ${FATE_WORDS[fate]}`;
  });
  return `${caption}. ${events.join('; ')}.`;
}

/**
 * @param {JudgedPicture} picture
 * @returns {string} an SVG document
 */
export function drawPicture({ title, panels }) {
  const seniority = panels.map(({ tree }) => tree.seniority).sort((a, b) => b.length - a.length)[0] ?? [];
  const body = [
    label({ x: MARGIN, y: 36 }, title, 'title'),
    label({ x: MARGIN, y: 58 }, `Seniority: ${seniority.join(' › ')}`, 'note'),
  ];
  let top = HEADER;
  for (const panel of panels) {
    const drawing = new PanelDrawing(panel, top);
    body.push(...drawing.draw());
    top += drawing.height + PANEL_GAP;
  }
  const legend = drawLegend(panels, top - PANEL_GAP);
  const height = legend.bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeText(title)}</title>
<desc id="description">${escapeText(panels.map(describePanel).join(' '))}</desc>
<style>${STYLE}
</style>
<rect width="${WIDTH}" height="${height}" rx="12" class="ground"/>
${[...body, ...legend.lines].join('\n')}
</svg>
`;
}
