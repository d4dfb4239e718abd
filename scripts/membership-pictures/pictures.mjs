// @ts-check
/**
 * The pictures of `docs/membership.md`, as histories in sentences: id (two hexadecimal digits), actor, verb, and whom
 * it is about. The first branch is drawn in the first row, and so on. What wins is not written here.
 */

/**
 * @typedef {object} Panel
 * @property {string} caption
 * @property {import('./judged-tree.mjs').Branch[]} branches
 */

/**
 * @typedef {object} Picture
 * @property {string} name the file's, without its ending
 * @property {string} title
 * @property {Panel[]} panels
 */

/**
 * @param {string | null} from
 * @param {string[]} events
 */
const branch = (from, ...events) => ({ from, events });

const founding = ['00 Ada founds', '10 Ada adds Ben as admin', '20 Ada adds Cleo as admin'];

/** @type {Picture[]} */
export const pictures = [
  {
    name: 'the-rule',
    title: 'The branch on which the most senior admin acted wins',
    panels: [
      {
        caption: 'Cleo acted: her branch is the only one',
        branches: [branch(null, ...founding, '30 Cleo adds Dora', '40 Cleo rotates', '50 Cleo rotates')],
      },
      {
        caption: 'Ben acted on another parent: he is senior to Cleo, and length does not matter',
        branches: [
          branch(null, ...founding, '30 Cleo adds Dora', '40 Cleo rotates', '50 Cleo rotates'),
          branch('20', '35 Ben rotates'),
        ],
      },
      {
        caption: 'Ada acted on top of Cleo’s first event: nobody is senior to Ada',
        branches: [
          branch(null, ...founding, '30 Cleo adds Dora', '40 Cleo rotates', '50 Cleo rotates'),
          branch('20', '35 Ben rotates'),
          branch('30', '45 Ada rotates'),
        ],
      },
    ],
  },
  {
    name: 'two-admins-at-once',
    title: 'Two admins act at once',
    panels: [
      {
        caption: 'Ben and Cleo, out of touch, each begin epoch 3',
        branches: [branch(null, ...founding, '31 Ben adds Dora'), branch('20', '30 Cleo adds Finn', '40 Cleo rotates')],
      },
      {
        caption: 'Cleo hears of it and replays her add on the head',
        branches: [
          branch(null, ...founding, '31 Ben adds Dora', '50 Cleo adds Finn'),
          branch('20', '30 Cleo adds Finn', '40 Cleo rotates'),
        ],
      },
    ],
  },
  {
    name: 'back-dating',
    title: 'A kicked admin back-dates events, with helpers',
    panels: [
      {
        caption: 'Ada kicks Ben; Ben then signs as if he had not seen it',
        branches: [
          branch(null, ...founding, '30 Ada kicks Ben', '40 Cleo adds Dora'),
          branch('20', '31 Ben kicks Cleo', '41 Ben adds Eve as admin', '51 Eve rotates'),
          branch('10', '21 Ben adds Finn as admin', '32 Finn rotates', '42 Finn rotates', '52 Finn rotates'),
        ],
      },
    ],
  },
  {
    name: 'minted-accounts',
    title: 'Accounts minted on an old parent',
    panels: [
      {
        caption: 'Ben adds Eve on a parent older than Cleo’s add: by rank, Eve is senior to Cleo',
        branches: [
          branch(
            null,
            '00 Ada founds',
            '10 Ada adds Ben as admin',
            '20 Ada rotates',
            '30 Ada adds Cleo as admin',
            '40 Cleo rotates',
          ),
          branch('10', '21 Ben adds Eve as admin', '31 Eve adds Finn as admin', '41 Eve rotates', '51 Finn rotates'),
        ],
      },
    ],
  },
  {
    name: 'kicks-and-rank',
    title: 'A junior kicks a senior; kicks that cross',
    panels: [
      {
        caption: 'Ben and Cleo kick each other: the junior’s kick is not valid, on whatever parent she signs it',
        branches: [
          branch(null, ...founding, '30 Ben kicks Cleo'),
          branch('20', '32 Cleo rotates', '42 Cleo kicks Ben'),
          branch('20', '31 Cleo kicks Ben'),
        ],
      },
      {
        caption: 'Ada kicks Ben while Ben kicks Cleo: Ben’s kick is void, so Cleo stays and goes on',
        branches: [branch(null, ...founding, '30 Ada kicks Ben', '40 Cleo rotates'), branch('20', '31 Ben kicks Cleo')],
      },
    ],
  },
  {
    name: 'equivocation',
    title: 'An admin signs two events on one parent',
    panels: [
      {
        caption: 'At the same epoch, the lower id wins',
        branches: [branch(null, ...founding, '3a Ben adds Dora'), branch('20', '7c Ben adds Finn')],
      },
      {
        caption: 'Ben went on with the other one: his higher epoch wins',
        branches: [branch(null, ...founding, '3a Ben adds Dora'), branch('20', '7c Ben adds Finn', '91 Ben rotates')],
      },
      {
        caption: 'Ada went on with the first one: that settles it',
        branches: [
          branch(null, ...founding, '3a Ben adds Dora', 'b4 Ada rotates'),
          branch('20', '7c Ben adds Finn', '91 Ben rotates', 'c5 Ben rotates'),
        ],
      },
    ],
  },
  {
    name: 'lost-kick',
    title: 'A kick on a branch that lost still counts',
    panels: [
      {
        caption: 'Cleo kicks Dora, Ben rotates at once: Dora is in the roster, and nobody seals to her',
        branches: [branch(null, ...founding, '30 Ada adds Dora', '40 Ben rotates'), branch('30', '41 Cleo kicks Dora')],
      },
      {
        caption: 'Cleo replays the kick on the head: Dora is out, and sealing goes on',
        branches: [
          branch(null, ...founding, '30 Ada adds Dora', '40 Ben rotates', '50 Cleo kicks Dora'),
          branch('30', '41 Cleo kicks Dora'),
        ],
      },
    ],
  },
  {
    name: 'late-senior',
    title: 'The limit: a senior admin who acts late',
    panels: [
      {
        caption: 'Ben signs on an old parent; nobody senior to him has built on what came after',
        branches: [
          branch(null, ...founding, '30 Cleo adds Dora', '40 Cleo adds Finn', '50 Cleo rotates'),
          branch('20', '31 Ben rotates'),
        ],
      },
      {
        caption: 'The same event after Ada has built on it: Ben is too late',
        branches: [
          branch(null, ...founding, '30 Cleo adds Dora', '40 Cleo adds Finn', '50 Ada rotates'),
          branch('20', '31 Ben rotates'),
        ],
      },
    ],
  },
];
