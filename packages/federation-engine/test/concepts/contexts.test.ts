import { describe } from '@jest/globals';
import { answers } from './answers.js';

describe('@context', () => {
  const offer = (id: string) => ({ id, price: 10 });
  answers(
    [
      {
        name: 'shops',
        typeDefs: `
          type Query { shops: [Shop] market: Place fallback: Market places: [Place] }
          interface Place @context(name: "place") { id: ID! currency: String! offers: [Offer] }
          type Shop implements Place @key(fields: "id") { id: ID! currency: String! offers: [Offer] town: Town }
          type Market implements Place @key(fields: "id") { id: ID! currency: String! offers: [Offer] }
          type Town @key(fields: "id") { id: ID! best: Offer }
          type Offer @key(fields: "id") { id: ID! }`,
        resolvers: {
          Query: {
            shops: () => [
              { id: 's1', currency: 'EUR', offers: [offer('o1'), offer('o2')], town: { id: 't', best: offer('o1') } },
              { id: 's2', currency: 'USD', offers: [offer('o1'), null], town: null },
            ],
            places: () => [
              { __typename: 'Shop', id: 's1', currency: 'EUR', offers: [offer('o1')] },
              { __typename: 'Market', id: 'm1', currency: 'YEN', offers: [offer('o1')] },
            ],
            market: () => ({ __typename: 'Market', id: 'm1', currency: 'YEN', offers: [offer('o3')] }),
          },
        },
      },
      {
        name: 'prices',
        typeDefs: `
          interface Place @context(name: "place") { id: ID! currency: String! }
          type Shop implements Place @key(fields: "id") { id: ID! currency: String! @external featured: Offer }
          type Market implements Place @key(fields: "id") { id: ID! currency: String! @external featured: Offer }
          type Offer @key(fields: "id") { id: ID! price(round: Boolean, currency: String @fromContext(field: "$place { currency }")): String }`,
        resolvers: {
          Shop: { featured: () => offer('o9') },
          Market: { featured: () => offer('o8') },
          Offer: {
            price: ({ id }: { id: string }, { currency, round }: { currency: string; round?: boolean }) =>
              `${id} in ${currency}${round ? ', rounded' : ''}`,
          },
        },
      },
    ],
    [
      [
        '{ shops { offers { price } } }',
        {
          shops: [
            { offers: [{ price: 'o1 in EUR' }, { price: 'o2 in EUR' }] },
            { offers: [{ price: 'o1 in USD' }, null] },
          ],
        },
      ],
      [
        'query($round: Boolean) { shops { currency: id featured { price(round: $round) } } market { id ... on Market { featured { price } } } }',
        {
          shops: [
            { currency: 's1', featured: { price: 'o9 in EUR, rounded' } },
            { currency: 's2', featured: { price: 'o9 in USD, rounded' } },
          ],
          market: { id: 'm1', featured: { price: 'o8 in YEN' } },
        },
        { variables: { round: true } },
      ],
      [
        '{ shops { town { best { price } } } }',
        { shops: [{ town: { best: { price: 'o1 in EUR' } } }, { town: null }] },
      ],
      [
        '{ places { ... on Shop { offers { x: price } } ... on Market { offers { x: price(round: true) id } } } }',
        { places: [{ offers: [{ x: 'o1 in EUR' }] }, { offers: [{ x: 'o1 in YEN, rounded', id: 'o1' }] }] },
      ],
      [
        '{ market { offers { price id } currency } }',
        { market: { offers: [{ price: 'o3 in YEN', id: 'o3' }], currency: 'YEN' } },
      ],
    ],
  );
});
