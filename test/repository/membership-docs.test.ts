/** The page about membership: its pictures are what the library says, and what it names is there. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawPicture } from '../../scripts/membership-pictures/draw.mjs';
import { judgeTree } from '../../scripts/membership-pictures/judged-tree.mjs';
import { pictures } from '../../scripts/membership-pictures/pictures.mjs';
import * as library from '../../src/index.js';
import { chooseHead } from '../../src/mesh/fork-choice.js';
import { MAX_CUT_STREAMS, MAX_MEMBERS, MAX_ORPHANS } from '../../src/mesh/limits.js';
import { compareSeniority, outranks } from '../../src/mesh/rank.js';
import { arborist } from '../cli/command-line.js';
import { toHex } from '../support/hex.js';
import { type ModelEvent, modelHead, validHistory } from '../support/membership/model.js';

const folder = new URL('../../docs/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const page = read('membership.md');
const rules = { chooseHead, compareSeniority, outranks };

type Tree = ReturnType<typeof judgeTree>;
type DrawnEvent = Tree['events'][number];

/** A drawn event in the words of the model. */
function asModelEvent({ id, parent, epoch, actor, target, verb, subject, role }: DrawnEvent): ModelEvent {
  const place = { id: toHex(id), parent: parent && toHex(parent), epoch, actor: toHex(actor) };
  if (verb === 'kicks') return { ...place, action: { kind: 'kick', target: toHex(target as Uint8Array) } };
  if (verb === 'adds') return { ...place, action: { kind: 'add', person: subject, role } };
  return { ...place, action: { kind: verb === 'founds' ? 'genesis' : 'rotate' } };
}

/** How GitHub names a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

describe('The pictures of the membership rule', () => {
  it('are all there, and no others', () => {
    expect(
      readdirSync(new URL('images/', folder))
        .filter((name) => !name.startsWith('wire-'))
        .sort(),
    ).toEqual(pictures.map(({ name }) => `${name}.svg`).sort());
  });

  describe.each(pictures)('$name', ({ name, title, panels }) => {
    const judged = panels.map(({ caption, branches }) => ({ caption, tree: judgeTree(rules, branches) }));

    it('is what the library makes of its history (npm run docs:membership draws it again)', () => {
      expect(read(`images/${name}.svg`)).toBe(drawPicture({ title, panels: judged }));
    });

    it('has the heads, and refuses the events, that the model of the rule does', () => {
      for (const { tree } of judged) {
        const model = validHistory(tree.events.map(asModelEvent));
        const withFate = (fate: string) => tree.events.filter((event) => tree.fates.get(event) === fate);
        expect(withFate('head').map(({ id }) => toHex(id))).toEqual([modelHead(model)]);
        const valid = model.events().map(({ id }) => id);
        const refused = tree.events.filter(({ id }) => !valid.includes(toHex(id)));
        expect(withFate('refused')).toEqual(refused);
      }
    });

    it('stands on the page with words for those who do not see it, and suits light and dark', () => {
      expect(page).toMatch(new RegExp(`!\\[[^\\]]{30,}\\]\\(images/${name}\\.svg\\)`));
      const svg = read(`images/${name}.svg`);
      expect(svg).toContain(`<title id="title">${title}</title>`);
      expect(svg).toMatch(/<desc id="description">[^<]{100,}<\/desc>/);
      expect(svg).toContain('@media (prefers-color-scheme: dark)');
    });
  });
});

describe('The page about membership', () => {
  it('has no link that leads nowhere', () => {
    const links = [...page.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    expect(links.length).toBeGreaterThan(20);
    for (const [, path = '', anchor] of links) {
      const text = path === '' ? page : read(path);
      const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
      if (anchor !== undefined) expect(headings).toContain(anchor);
    }
  });

  it('names functions that the library exports', () => {
    const names = [...page.matchAll(/`([a-z]\w+)\((?:db|proof)\b/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect(library).toHaveProperty(String(name), expect.any(Function));
  });

  it('names commands and options that there are', async () => {
    const lines = [...page.matchAll(/arborist mesh ([a-z]+)([^#\n`]*)/g)];
    expect(lines.length).toBeGreaterThan(10);
    for (const [, command = '', rest = ''] of lines) {
      const { code, stdout } = await arborist(['mesh', command, '--help']);
      expect(code).toBe(0);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(option);
    }
  });

  it('tells the limits that the code has', () => {
    const number = (value: number) => value.toLocaleString('en-US');
    for (const limit of [MAX_MEMBERS, MAX_CUT_STREAMS, MAX_ORPHANS]) {
      expect(page).toContain(number(limit));
    }
  });
});
