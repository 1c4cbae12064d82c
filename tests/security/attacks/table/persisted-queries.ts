import { ANY, ANY_AND_GET, type Attack, type Family } from '../attack.js';
import { byId, hashOf, LISTED, registered } from '../safelist.js';

const HELLO = '{ hello(name: "registered") }';

/** Attempts to have something else run under a hash than its text. */
export const automaticQueries: Family = {
  name: 'poisoned automatic persisted queries',
  attacks: [
    {
      name: 'a text under the hash of another',
      ask: { query: 'mutation { order(text: "poison") }', ...byId(hashOf(HELLO)) },
      over: ANY,
      gets: { status: 400, codes: ['BAD_REQUEST'] },
    },
    {
      name: 'the hash that somebody tried to poison',
      after: [{ query: '{ hello(name: "poison") }', ...byId(hashOf('{ hello(name: "victim") }')) }],
      ask: byId(hashOf('{ hello(name: "victim") }')),
      over: ANY_AND_GET,
      gets: { status: 200, codes: ['PERSISTED_QUERY_NOT_FOUND'] },
    },
    {
      name: 'the hash of a text that was never valid',
      after: [registered('{ nothing }')],
      ask: byId(hashOf('{ nothing }')),
      over: ANY_AND_GET,
      gets: { status: 200, codes: ['PERSISTED_QUERY_NOT_FOUND'] },
    },
    {
      name: 'a key of the cache for a hash',
      ask: byId('../../rate:1.1.1.1'),
      over: ANY_AND_GET,
      gets: { status: 200, codes: ['PERSISTED_QUERY_NOT_FOUND'] },
    },
    {
      name: 'a registered mutation by GET',
      after: [registered('mutation { order(text: "registered") }')],
      ask: byId(hashOf('mutation { order(text: "registered") }')),
      over: ['GET'],
      gets: { status: 405, codes: ['METHOD_NOT_ALLOWED'] },
    },
  ],
  neighbours: [
    {
      name: 'a hash that was registered',
      after: [registered(HELLO)],
      ask: byId(hashOf(HELLO)),
      over: ANY_AND_GET,
      gets: { status: 200, data: { hello: 'Hello, registered' } },
    },
  ],
};

const bypass = (
  name: string,
  ask: Extract<Attack, { ask: unknown }>['ask'],
  code: string,
  status: number,
  over = ANY_AND_GET,
): Attack => ({
  name,
  on: 'safelisted',
  ask,
  over,
  gets: { status, codes: [code] },
});
const unlisted = (name: string, query: string, operationName?: string): Attack =>
  bypass(name, { query, operationName }, 'QUERY_NOT_IN_SAFELIST', 403);

/** Attempts to run what is not listed where only listed operations are answered. */
export const safelistBypass: Family = {
  name: 'bypassed safelist',
  attacks: [
    unlisted('another document', '{ hello }'),
    unlisted('an alias', LISTED.replace('hello(', 'x: hello(')),
    unlisted('another name', LISTED.replace('Hello', 'Hullo')),
    unlisted('a listed name for another document', 'query Hello { me }'),
    unlisted('a second operation, asked for by its name', `${LISTED} query Other { me }`, 'Other'),
    unlisted('a second operation, and the listed one asked for', `${LISTED} query Other { me }`, 'Hello'),
    unlisted('a fragment beside the listed operation', `${LISTED} fragment F on Query { me }`),
    unlisted('a directive', LISTED.replace(') {', ') @skip(if: false) {')),
    unlisted('another default', LISTED.replace('$n: String', '$n: String = "x"')),
    unlisted('introspection', '{ __schema { queryType { name } } }'),
    unlisted('a field hidden behind a comment that a line end closes', `${LISTED.slice(0, -1)} #\u2028 \n me }`),
    bypass('an id with another document', { ...byId('hello'), query: '{ me }' }, 'CANNOT_SEND_PQ_ID_AND_BODY', 400),
    bypass('an unknown id', byId('nothing'), 'PERSISTED_QUERY_NOT_IN_LIST', 404),
    bypass('an id of Object’s prototype', byId('__proto__'), 'PERSISTED_QUERY_NOT_IN_LIST', 404),
    bypass('two ids', { ...byId('hello'), documentId: 'order' }, 'BAD_REQUEST', 400),
    bypass('a registration', registered('{ me }'), 'CANNOT_SEND_PQ_ID_AND_BODY', 400),
    bypass('nothing at all', { extensions: {} }, 'BAD_REQUEST', 400),
    bypass('a listed mutation by GET', byId('order'), 'METHOD_NOT_ALLOWED', 405, ['GET']),
  ],
  neighbours: [
    {
      name: 'a listed id',
      on: 'safelisted',
      ask: { ...byId('hello'), variables: { n: 'id' } },
      over: ANY_AND_GET,
      gets: { status: 200, data: { hello: 'Hello, id' } },
    },
    {
      name: 'a listed document with other white space and a comment',
      on: 'safelisted',
      ask: { query: '# a comment\nquery   Hello($n:String){\n hello(name:$n)\n}', variables: { n: 'text' } },
      over: ANY_AND_GET,
      gets: { status: 200, data: { hello: 'Hello, text' } },
    },
  ],
};
