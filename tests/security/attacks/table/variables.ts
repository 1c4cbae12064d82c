import { ANY, ANY_AND_GET, type Attack, type Family } from '../attack.js';

const JSON_BODY = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
const ECHO = 'query ($v: JSON) { echo(any: $v) }';

const nested = (depth: number, open = '{"a":', close = '}'): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

/** A body written as text: what JSON.stringify would never write. */
const body = (name: string, text: string, gets: Attack['gets'], on?: Attack['on']): Attack => ({
  name,
  on,
  http: { headers: JSON_BODY, body: text },
  gets,
});
const echo = (name: string, variables: string, gets: Attack['gets']): Attack =>
  body(name, `{"query":${JSON.stringify(ECHO)},"variables":${variables}}`, gets);

const USER_INPUT = { status: 400, codes: ['BAD_USER_INPUT'] };

/** What the JSON of a request may hold. */
export const variables: Family = {
  name: 'strange JSON',
  attacks: [
    echo('objects nested 65 deep', `{"v":${nested(65)}}`, USER_INPUT),
    echo('objects nested 100,000 deep', `{"v":${nested(100_000)}}`, USER_INPUT),
    echo('lists nested 100,000 deep', `{"v":${nested(100_000, '[', ']')}}`, USER_INPUT),
    {
      name: 'objects nested 65 deep, over every transport',
      ask: { query: ECHO, variables: { v: JSON.parse(nested(65)) } },
      over: ANY,
      gets: USER_INPUT,
    },
    {
      name: 'an input object nested deeper than its limit',
      ask: {
        query: 'query ($f: Filter) { hello(filter: $f) }',
        variables: { f: JSON.parse(nested(65, '{"nested":').replace('1', '{}')) },
      },
      over: ANY,
      gets: USER_INPUT,
    },
    {
      name: 'a number where a text belongs',
      ask: { query: 'query ($n: String) { hello(name: $n) }', variables: { n: { $ne: '' } } },
      over: ANY_AND_GET,
      gets: USER_INPUT,
    },
    body('variables that are a list', '{"query":"{ hello }","variables":[]}', { status: 400, codes: ['BAD_REQUEST'] }),
    body('an operation name that is an object', '{"query":"{ hello }","operationName":{}}', {
      status: 400,
      codes: ['BAD_REQUEST'],
    }),
    body('a query that is a list', '{"query":["{ hello }"]}', { status: 400, codes: ['BAD_REQUEST'] }),
    body('a query below __proto__', '{"__proto__":{"query":"{ hello }"}}', { status: 400, codes: ['BAD_REQUEST'] }),
    body(
      'a field of an input object that is __proto__',
      '{"query":"query ($f: Filter) { hello(filter: $f) }","variables":{"f":{"__proto__":{"name":"x"}}}}',
      USER_INPUT,
    ),
    body('a field that is __proto__', '{"query":"{ __proto__ }"}', {
      status: 400,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    }),
    body('a type that is constructor', '{"query":"query ($c: constructor) { hello ... on __proto__ { x } }"}', {
      status: 400,
      lacks: /INTERNAL/,
    }),
    body(
      'an operation that is named __proto__ and is not there',
      '{"query":"query A { hello }","operationName":"__proto__"}',
      { status: 400, codes: ['OPERATION_RESOLUTION_FAILURE'] },
    ),
    body('UTF-16', '\ufeff{\u0000"\u0000q\u0000', { status: 400, codes: ['BAD_REQUEST'] }),
    body('half a body', '{"query":"{ hello', { status: 400, codes: ['BAD_REQUEST'] }),
    body('a subscription where one answer is read', '{"query":"subscription { ordered }"}', {
      status: 400,
      codes: ['UNSUPPORTED_OPERATION'],
    }),
  ],
  neighbours: [
    echo('objects nested 60 deep', `{"v":${nested(60)}}`, { status: 200, codes: [] }),
    echo('a hundred thousand numbers', `{"v":[${'1,'.repeat(100_000)}1]}`, { status: 200, codes: [] }),
    echo('a key that is __proto__, which is data', '{"v":{"kept":{"__proto__":{"polluted":1}}}}', {
      status: 200,
      codes: [],
      shows: /kept/,
    }),
    body(
      'names of Object’s prototype as aliases',
      '{"query":"{ constructor: hello toString: hello __proto__: hello }"}',
      { status: 200, shows: /"constructor":"Hello, world".*"toString":"Hello, world"/ },
    ),
    body(
      'an operation that is named constructor',
      '{"query":"query constructor { hello }","operationName":"constructor"}',
      { status: 200, data: { hello: 'Hello, world' } },
    ),
    {
      name: 'a text that is long',
      ask: { query: 'query ($n: String) { hello(name: $n) }', variables: { n: 'x'.repeat(100_000) } },
      over: ANY,
      gets: { status: 200, codes: [] },
    },
  ],
};
