import type { Attack, Family } from '../attack.js';

const INIT = '{"type":"connection_init"}';
const subscribe = (id: string, query = '{ hello }') => JSON.stringify({ id, type: 'subscribe', payload: { query } });
const spoken = (name: string, frames: readonly string[], close: number): Attack => ({ name, frames, gets: { close } });

/** Messages that graphql-transport-ws does not have, or not there. */
export const sockets: Family = {
  name: 'WebSocket protocol abuse',
  attacks: [
    spoken('an operation before the greeting', [subscribe('1')], 4401),
    spoken('two greetings', [INIT, INIT], 4429),
    spoken('no JSON', ['nonsense'], 4400),
    spoken('a message of no type', [INIT, '{"id":"1"}'], 4400),
    spoken('a type of Object’s prototype', [INIT, '{"type":"__proto__"}'], 4400),
    spoken('a query that is no text', [INIT, '{"id":"1","type":"subscribe","payload":{"query":7}}'], 4400),
    spoken('a bad token', ['{"type":"connection_init","payload":{"authorization":"Bearer nonsense"}}'], 4403),
    spoken('a token that is no text', ['{"type":"connection_init","payload":{"authorization":{"$ne":""}}}'], 4403),
    { name: 'no protocol', frames: [INIT], protocol: null, gets: { close: 4406 } },
  ],
  neighbours: [
    { name: 'a greeting and an operation', frames: [INIT, subscribe('1')], gets: { data: { hello: 'Hello, world' } } },
  ],
};
