import { ANY_AND_GET, type Attack, type Family } from '../attack.js';

const asked = (name: string, query: string, gets: Attack['gets']): Attack => ({
  name,
  ask: { query },
  over: ANY_AND_GET,
  gets,
});
const secret = /hunter2|db\.internal|stacktrace|SELECT|Server\.js|127\.0\.0\.1/;
const seller = (id: string) => `{ product(id: "${id}") { seller { __typename id name } } }`;
const sold = (id: string, name: string | null) => ({ product: { seller: { __typename: 'User', id, name } } });

/** Subgraphs that are broken, careless, or taken over. */
export const subgraphs: Family = {
  name: 'misbehaving subgraphs',
  attacks: [
    asked('secrets in an error’s message and extensions', '{ failing }', { data: { failing: null }, lacks: secret }),
    asked('a page of its own instead of an answer', '{ crashing }', {
      codes: ['SUBGRAPH_INVALID_RESPONSE'],
      data: { crashing: null },
      lacks: secret,
    }),
    asked('fields that nobody asked for, extensions and headers', '{ talkative }', {
      codes: [],
      data: { talkative: 'said' },
      lacks: secret,
    }),
    asked('an entity of another id: what others own stays', seller('another-users'), {
      data: sold('another-users', 'Somebody else'),
      lacks: secret,
    }),
    asked('more entities than it was asked for', seller('more-than-asked'), {
      codes: ['SUBGRAPH_INVALID_RESPONSE'],
      lacks: secret,
    }),
    asked('fewer entities than it was asked for', seller('fewer-than-asked'), { codes: ['SUBGRAPH_INVALID_RESPONSE'] }),
    asked(
      'an entity of another type: it stays what it was, and nothing is taken of the other',
      seller('another-type'),
      {
        codes: ['SUBGRAPH_INVALID_RESPONSE'],
        data: sold('another-type', null),
      },
    ),
  ],
  neighbours: [asked('the entity that was asked for', seller('1'), { codes: [], data: sold('1', 'User 1') })],
};
