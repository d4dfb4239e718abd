// @ts-check
/**
 * Draws the pictures of `docs/membership.md` into `docs/images/`: `npm run docs:membership`. Heads, lost branches and void
 * events are what the built library makes of each history.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawPicture } from './membership-pictures/draw.mjs';
import { judgeTree } from './membership-pictures/judged-tree.mjs';
import { pictures } from './membership-pictures/pictures.mjs';

/** @param {string} module one of `dist/mesh/`, which only a build makes */
const load = (module) => import(new URL(`../dist/mesh/${module}.js`, import.meta.url).href);

const rules = { ...(await load('fork-choice')), ...(await load('rank')) };
const folder = new URL('../docs/images/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const { name, title, panels } of pictures) {
  const judged = panels.map(({ caption, branches }) => ({ caption, tree: judgeTree(rules, branches) }));
  writeFileSync(new URL(`${name}.svg`, folder), drawPicture({ title, panels: judged }));
}
