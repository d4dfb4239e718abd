// @ts-check
/**
 * The look of the pictures: colours for light and dark surroundings, and the few shapes that mean something.
 */

/** Every class that the drawing uses, once for light and once for dark. */
export const STYLE = `
  svg { --ground: #fbfcfa; --ink: #1c2a21; --faint: #e3e8e3; --grey: #5c675f; --line: #b4bdb6; --green: #256b3f;
    --leaf: #e4f2e8; --on-green: #ffffff; --red: #b02a20; --amber: #8a5a00; --amber-ground: #fff3d6 }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #121814; --ink: #e6eee8; --faint: #27312a; --grey: #9ba8a0; --line: #4b5850; --green: #74d194;
      --leaf: #1b3324; --on-green: #0c1710; --red: #ff8d7e; --amber: #f2c063; --amber-ground: #3a2c0c }
  }
  text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 12px; fill: var(--ink) }
  .ground { fill: var(--ground) }
  .title { font-size: 17px; font-weight: 700 }
  .caption { font-size: 13.5px; font-weight: 600 }
  .note { fill: var(--grey) }
  .rule { stroke: var(--faint); stroke-width: 1 }
  .guide { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 2 4 }
  .edge { fill: none; stroke: var(--line); stroke-width: 2 }
  .edge.path, .edge.head { stroke: var(--green); stroke-width: 5 }
  .edge.refused { stroke: var(--red); stroke-dasharray: 3 4 }
  .card { fill: var(--ground); stroke: var(--line); stroke-width: 1.5 }
  .card.path { fill: var(--leaf); stroke: var(--green); stroke-width: 2 }
  .card.head { fill: var(--green); stroke: var(--green); stroke-width: 2 }
  .card.refused { stroke: var(--red); stroke-dasharray: 4 3 }
  .name { font-size: 13px; font-weight: 700 }
  text.lost, text.void { fill: var(--grey) }
  text.head { fill: var(--on-green) }
  text.refused { fill: var(--red) }
  .cross { stroke: var(--red); stroke-width: 1.5; opacity: 0.55 }
  .halo { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round }
  .flag { fill: var(--ink) }
  .flag-text { fill: var(--ground); font-size: 10.5px; font-weight: 700 }
  .kick { fill: var(--ground); stroke: var(--red); stroke-width: 2 }
  .kick.counts { fill: var(--red) }
  .kick-bar { stroke: var(--red); stroke-width: 2.5 }
  .kick-bar.counts { stroke: var(--ground) }
  .kick.idle, .kick-bar.idle { stroke: var(--line) }
  .hit { fill: none; stroke: var(--red); stroke-width: 1.5; stroke-dasharray: 5 3 }
  .hit-end { fill: var(--red) }
  .contradiction { fill: var(--amber-ground); stroke: var(--amber); stroke-width: 1.5 }
  .contradiction-text { fill: var(--amber); font-size: 14px; font-weight: 700 }`;

/** Size of an event's card. */
export const CARD = { width: 132, height: 46 };

/** @typedef {{ x: number, y: number }} Point */

/** @param {string} text */
export const escapeText = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * @param {Point} at where the text's baseline begins, or its middle
 * @param {string} text
 * @param {string} classes
 * @param {'start' | 'middle' | 'end'} [anchor]
 */
export function label({ x, y }, text, classes, anchor = 'start') {
  const placed = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}" class="${classes}"${placed}>${escapeText(text)}</text>`;
}

/**
 * @param {Point} at the left upper corner
 * @param {{ width: number, height: number }} size
 * @param {string} fate
 */
export function cardShape({ x, y }, { width, height }, fate) {
  const shape = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${Math.round(height / 6)}" class="card ${fate}"/>`;
  if (fate !== 'void') return shape;
  const [right, bottom] = [x + width, y + height];
  const cross = `M${x + 3} ${y + 3}L${right - 3} ${bottom - 3}M${right - 3} ${y + 3}L${x + 3} ${bottom - 3}`;
  return `${shape}<path d="${cross}" class="cross"/>`;
}

/**
 * The mark of a kick: full where it counts, else hollow.
 *
 * @param {Point} centre
 * @param {'counts' | 'idle'} state
 */
export function kickMark({ x, y }, state) {
  return `<circle cx="${x}" cy="${y}" r="8" class="kick ${state}"/><path d="M${x - 4} ${y}h8" class="kick-bar ${state}"/>`;
}

/** @param {Point} centre */
export function contradictionMark({ x, y }) {
  return `<circle cx="${x}" cy="${y}" r="10" class="contradiction"/>${label({ x, y: y + 5 }, '≠', 'contradiction-text', 'middle')}`;
}

/** @param {Point} centre */
export function headFlag({ x, y }) {
  return `<rect x="${x - 21}" y="${y - 8}" width="42" height="16" rx="8" class="flag"/>${label({ x, y: y + 4 }, 'head', 'flag-text', 'middle')}`;
}

/**
 * From a kick to what it makes void.
 *
 * @param {Point} from
 * @param {Point} to
 */
export function hitLine(from, to) {
  const bend = Math.max(14, Math.abs(to.y - from.y) / 2);
  const curve = `M${from.x} ${from.y}C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y - 4}`;
  return `<path d="${curve}" class="hit"/><path d="M${to.x - 4} ${to.y - 7}h8l-4 7z" class="hit-end"/>`;
}

/**
 * From a parent to its child.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {string} fate the child's
 */
export function edge(from, to, fate) {
  const middle = (from.x + to.x) / 2;
  const line =
    from.y === to.y
      ? `M${from.x} ${from.y}H${to.x}`
      : `M${from.x} ${from.y}C${middle + 6} ${from.y} ${middle - 6} ${to.y} ${to.x} ${to.y}`;
  return `<path d="${line}" class="edge ${fate}"/>`;
}
