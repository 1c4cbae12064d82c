import { once } from 'node:events';
import { connect } from 'node:net';
import { slowness } from '@platform/testkit';
import { WebSocket } from 'ws';
import { RouterHarness } from '../http/router-harness.js';

/** Growth of the work with the size of what has caused it; 1 is linear, 2 quadratic. */
const MOST = 1.2;
/** Less is noise, in ms. */
const FLOOR = 10;
/** Of a text as long as the limits let it be, in ms, on a machine that is as fast as expected. */
const LONGEST = 250;
const DOUBLINGS = 4;
const REPEATS = 3;
/** What takes too long is tried more often: a neighbour on the same core makes work longer, never shorter. */
const MOST_REPEATS = 12;

type Text = (length: number) => string;

/** Texts that searching for patterns goes wrong on. */
const shapes: Record<string, Text> = {
  letters: (length) => 'a'.repeat(length),
  spaces: (length) => `a${' '.repeat(length)}`,
  'combining marks': (length) => `a${'\u0301\u0316'.repeat(length / 2)}`,
  'the word of a suggestion': (length) => ' Did you mean '.repeat(length / 14),
  'dots, commas and colons': (length) => 'a.b,c:d;e='.repeat(length / 10),
  underscores: (length) => `${'_'.repeat(length)}client_`,
  'beginnings of tokens': (length) => 'eyJ-Bearer  '.repeat(length / 12),
  'beginnings of addresses': (length) => 'a://x:'.repeat(length / 6),
  'quotes and backslashes': (length) => '\\"'.repeat(length / 2),
};

const identifier: Text = (length) => `_${'_'.repeat(length)}client_`;
const literal = (text: string) => `{ hello(name: ${JSON.stringify(text)}) }`;

/** What is posted as JSON, for a text. */
const bodies: Record<string, (text: string) => object> = {
  'a literal': (text) => ({ query: literal(text) }),
  'a block string': (text) => ({ query: `{ hello(name: """${text.replaceAll('"', '').replaceAll('\\', '')}""") }` }),
  'a comment': (text) => ({ query: `# ${text.replaceAll('\n', '')}\n{ hello }` }),
  'no document': (text) => ({ query: text }),
  'the name of the operation': (text) => ({ query: 'query A { hello }', operationName: text }),
  'a variable': (text) => ({ query: 'query ($name: String) { hello(name: $name) }', variables: { name: text } }),
  'a variable of the wrong type': (text) => ({
    query: 'query ($name: String) { hello(name: $name) }',
    variables: { name: { [text.slice(0, 900)]: text } },
  }),
  extensions: (text) => ({ query: '{ hello }', extensions: { a: text } }),
  'a persisted hash': (text) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: text } } }),
  'an id': (text) => ({ documentId: text }),
};

/** Documents of many parts, up to the limit of tokens. */
const documents: Record<string, (count: number) => string> = {
  'unknown fields': (count) => `{ ${Array.from({ length: count }, (_, n) => `u${n}`).join(' ')} }`,
  'one field again and again': (count) => `{ ${'hello '.repeat(count)} }`,
  aliases: (count) => `{ ${Array.from({ length: count / 3 }, (_, n) => `a${n}: hello`).join(' ')} }`,
  operations: (count) => Array.from({ length: count / 4 }, (_, n) => `query A${n} { hello }`).join('\n'),
  'operations that spread a chain of fragments': (count) =>
    [
      ...Array.from({ length: count / 12 }, (_, n) => `query A${n} { ...F0 }`),
      ...Array.from({ length: 50 }, (_, n) => `fragment F${n} on Query { hello ${n < 49 ? `...F${n + 1}` : ''} }`),
    ].join('\n'),
  'unused fragments': (count) =>
    `{ hello } ${Array.from({ length: count / 7 }, (_, n) => `fragment F${n} on Query { hello }`).join('\n')}`,
  variables: (count) => `query (${Array.from({ length: count / 4 }, (_, n) => `$v${n}: Int`).join(' ')}) { hello }`,
  'a list': (count) => `{ hello(name: [${'"" '.repeat(count)}]) }`,
  'nested lists': (count) => `{ hello(name: ${'['.repeat(count / 2)}${']'.repeat(count / 2)}) }`,
  'an object with the same key': (count) => `{ hello(name: {${'a: 1 '.repeat(count / 3)}}) }`,
  directives: (count) => `{ hello ${'@include(if: true) '.repeat(count / 6)} }`,
};

const headers = [
  'accept',
  'accept-encoding',
  'apollographql-client-name',
  'authorization',
  'content-type',
  'cookie',
  'forwarded',
  'if-none-match',
  'origin',
  'sec-fetch-site',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-forwarded-for',
  'x-graphql-event-stream-token',
  'x-request-id',
];
const inHeader = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, 'a').trim();

describe('the work that a text of a client causes', () => {
  const router = new RouterHarness();
  beforeAll(() => router.start({ router: { suggestions: false } }));
  afterAll(() => router.stop());

  /** What the thread of requests works for it, in ms: no pause is longer. Other processes of the machine do not count. */
  const workOf = async (act: () => Promise<void>): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    const enough = (repeats: number) =>
      least <= FLOOR || (repeats >= REPEATS && least <= LONGEST) || repeats >= MOST_REPEATS;
    for (let repeat = 0; !enough(repeat); repeat += 1) {
      const before = process.threadCpuUsage();
      await act();
      const { user, system } = process.threadCpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    return least;
  };

  /** @param acting what is done, made ready outside of the measured time. */
  const expectLinear = async (what: string, largest: number, acting: (size: number) => () => Promise<void>) => {
    await acting(largest >> DOUBLINGS)();
    const sizes = Array.from({ length: DOUBLINGS + 1 }, (_, doubling) => largest >> (DOUBLINGS - doubling));
    const work: number[] = [];
    for (const size of sizes) work.push(Math.max(FLOOR, await workOf(acting(size))));
    const [first = FLOOR, last = FLOOR] = [work[0], work.at(-1)];
    const exponent = Math.log2(last / first) / DOUBLINGS;
    expect({ what, work, isLinear: exponent <= MOST, isShort: last <= LONGEST * slowness() }).toEqual({
      what,
      work,
      isLinear: true,
      isShort: true,
    });
  };

  const sent = (text: string | Buffer) =>
    new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(router.url);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket
        .on('data', () => socket.destroy())
        .on('close', () => resolve())
        .on('error', reject);
    });
  const posting = (json: object, more = '') => postingText(JSON.stringify(json), more);
  const postingText = (body: string, more = '') => {
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: application/json\r\ncontent-type: application/json\r\n${more}`;
    const request = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return () => sent(request);
  };

  it.each(Object.entries(bodies))(
    'grows with its length alone: %s',
    async (place, body) => {
      for (const [shape, text] of Object.entries(shapes)) {
        const widest = Buffer.byteLength(JSON.stringify(body(text(10_000)))) / 10_000;
        await expectLinear(`${place}, ${shape}`, Math.floor(Math.min(900_000, 900_000 / widest)), (size) =>
          posting(body(text(size))),
        );
      }
    },
    120_000,
  );

  it('grows with its length alone: a name', () =>
    expectLinear('a name', 900_000, (size) => posting({ query: `{ ${identifier(size)}: hello }` })));

  it.each(Object.entries(documents))(
    'grows with the number of parts alone: %s',
    async (kind, text) => {
      await expectLinear(kind, 9_600, (count) => posting({ query: text(count) }));
    },
    60_000,
  );

  it.each(['variables', 'extensions'])('grows with the number of keys alone: %s', async (place) => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
    await expectLinear(place, 60_000, (count) => posting({ query: '{ hello }', [place]: keys(count) }));
    const deep = (count: number) => `${'['.repeat(count)}${']'.repeat(count)}`;
    await expectLinear(`${place}, nested`, 60_000, (count) =>
      postingText(`{"query":"{ hello }","${place}":{"a":${deep(count)}}}`),
    );
  });

  it.each(headers)(
    'grows with the length of a header alone: %s',
    async (name) => {
      for (const [shape, text] of Object.entries(shapes)) {
        await expectLinear(`${name}, ${shape}`, 15_000, (size) =>
          posting({ query: '{ hello }' }, `${name}: ${inHeader(text(size))}\r\n`),
        );
      }
    },
    60_000,
  );

  it('grows with the length of the address alone', async () => {
    for (const [shape, text] of Object.entries(shapes)) {
      const sending = (line: string) => () => sent(`${line} HTTP/1.1\r\nhost: x\r\n\r\n`);
      const address = (size: number) => encodeURIComponent(text(size)).slice(0, size);
      await expectLinear(`parameters, ${shape}`, 15_000, (size) => sending(`GET /graphql?query=${address(size)}`));
      await expectLinear(`path, ${shape}`, 15_000, (size) => sending(`GET /${address(size)}`));
    }
  });

  it('grows with the length of a message on a WebSocket alone', async () => {
    const exchange = (first: object, second?: object) => {
      const texts = [first, second].flatMap((message) => (message ? [JSON.stringify(message)] : []));
      return () => exchanged(texts);
    };
    const exchanged = async (texts: readonly string[]): Promise<void> => {
      const socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws');
      await once(socket, 'open');
      for (const text of texts) {
        if (socket.readyState !== WebSocket.OPEN) break;
        socket.send(text);
        await Promise.race([once(socket, 'message'), once(socket, 'close')]);
      }
      socket.terminate();
    };
    const init = { type: 'connection_init' };
    for (const [shape, text] of Object.entries(shapes)) {
      await expectLinear(`connection_init, ${shape}`, 200_000, (size) =>
        exchange({ ...init, payload: { authorization: text(size), other: text(size) } }),
      );
      await expectLinear(`id, ${shape}`, 200_000, (size) =>
        exchange(init, { type: 'subscribe', id: text(size), payload: { query: '{ hello }' } }),
      );
      await expectLinear(`type, ${shape}`, 200_000, (size) => exchange(init, { type: text(size) }));
      await expectLinear(`payload, ${shape}`, 200_000, (size) =>
        exchange(init, { type: 'subscribe', id: '1', payload: { query: literal(text(size)) } }),
      );
    }
  }, 120_000);
});
