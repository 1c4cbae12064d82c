import { describe } from '@jest/globals';
import { answers } from './answers.js';

describe('lists of lists of entities', () => {
  const cell = (id: string) => ({ id });
  const board = [[cell('1'), null, cell('2')], null, [], [cell('1')]];
  const pieces = { 1: { __typename: 'King', id: 'k' }, 2: { __typename: 'Pawn', id: 'p' } } as const;
  answers(
    [
      {
        name: 'boards',
        typeDefs: `
          type Query { board: [[Cell]] full: [[[Cell!]!]!]! strict: [[Cell!]] }
          type Cell @key(fields: "id") { id: ID! neighbours: [[Cell!]!] }`,
        resolvers: {
          Query: { board: () => board, full: () => [[[cell('1')], []], [[cell('2'), cell('1')]]], strict: () => board },
          Cell: { neighbours: ({ id }: { id: string }) => (id === '1' ? [[cell('2')], []] : null) },
        },
      },
      {
        name: 'pieces',
        typeDefs: `
          type Cell @key(fields: "id") { id: ID! piece: Piece held: [[Piece]!] label(upper: Boolean): String! }
          interface Piece { id: ID! }
          type King implements Piece @key(fields: "id") { id: ID! }
          type Pawn implements Piece @key(fields: "id") { id: ID! }`,
        resolvers: {
          Cell: {
            piece: ({ id }: { id: 1 | 2 }) => pieces[id],
            held: ({ id }: { id: 1 | 2 }) => [[pieces[id], null], []],
            label: ({ id }: { id: string }, { upper }: { upper?: boolean }) => (upper ? `C${id}` : `c${id}`),
          },
        },
      },
      {
        name: 'values',
        typeDefs: `
          type King @key(fields: "id") { id: ID! value: Int! }
          type Pawn @key(fields: "id") { id: ID! value: Int! rank: Rank }
          type Rank { steps: [[Int]!] }
          type Cell @key(fields: "id") { id: ID! held: [[Piece]!] @external worth: Int @requires(fields: "held { ... on Pawn { id } ... on King { id } }") }
          interface Piece { id: ID! }
          extend type King implements Piece
          extend type Pawn implements Piece`,
        resolvers: {
          King: { value: () => 100 },
          Pawn: { value: () => 1, rank: () => ({ steps: [[1, null], [2]] }) },
          Cell: {
            worth: ({ held }: { held: ({ id: string } | null)[][] }) => held.flat().filter((piece) => piece?.id).length,
          },
        },
      },
    ],
    [
      [
        '{ board { id label piece { id ... on King { value } ... on Pawn { value rank { steps } } } } }',
        {
          board: [
            [
              { id: '1', label: 'c1', piece: { id: 'k', value: 100 } },
              null,
              { id: '2', label: 'c2', piece: { id: 'p', value: 1, rank: { steps: [[1, null], [2]] } } },
            ],
            null,
            [],
            [{ id: '1', label: 'c1', piece: { id: 'k', value: 100 } }],
          ],
        },
        { requests: { boards: 1, pieces: 1, values: 1 } },
      ],
      [
        '{ full { held { __typename ... on King { value } } neighbours { label(upper: true) } } }',
        {
          full: [
            [[{ held: [[{ __typename: 'King', value: 100 }, null], []], neighbours: [[{ label: 'C2' }], []] }], []],
            [
              [
                { held: [[{ __typename: 'Pawn' }, null], []], neighbours: null },
                { held: [[{ __typename: 'King', value: 100 }, null], []], neighbours: [[{ label: 'C2' }], []] },
              ],
            ],
          ],
        },
      ],
      ['{ board { worth } }', { board: [[{ worth: 1 }, null, { worth: 1 }], null, [], [{ worth: 1 }]] }],
      ['{ strict { label } }', { strict: [null, null, [], [{ label: 'c1' }]] }, { errors: ['strict.0.1'] }],
    ],
  );
});
