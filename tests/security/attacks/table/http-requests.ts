import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Attack, Family } from '../attack.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const HELLO = JSON.stringify({ query: '{ hello }' });
const ANSWER = { status: 200, data: { hello: 'Hello, world' } };

/** A request of which the head alone matters; the body is a good one. */
const head = (lines: string, length: number | null = HELLO.length): string =>
  `POST /graphql HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\n${
    length === null ? '' : `Content-Length: ${length}\r\n`
  }${lines}\r\n${HELLO}`;
const bytes = (name: string, text: string, status: number): Attack => ({
  name,
  bytes: text,
  gets: { status, lacks: /Hello/ },
});

/** HTTP that two servers in a row might read in two ways. */
export const requestSmuggling: Family = {
  name: 'malformed and doubled headers',
  attacks: [
    bytes('Authorization twice', head('Authorization: Bearer a\r\nAuthorization: Bearer b\r\n'), 400),
    bytes('Content-Type twice', head('Content-Type: text/plain\r\n'), 400),
    bytes('Host twice', head('Host: elsewhere\r\n'), 400),
    bytes('Content-Length twice', head('Content-Length: 3\r\n'), 400),
    bytes('Origin twice', head('Origin: https://a.example\r\nOrigin: https://b.example\r\n'), 400),
    bytes('a length and chunks', head('Transfer-Encoding: chunked\r\n', 5), 400),
    bytes('chunks under a name that is none', head('Transfer-Encoding: xchunked\r\n', null), 400),
    bytes('chunks after another encoding', head('Transfer-Encoding: chunked, identity\r\n', null), 400),
    bytes('a negative length', head('', -1), 400),
    bytes('a space before the colon', head('X-Odd : 1\r\n'), 400),
    bytes('a folded header', head('X-Odd: 1\r\n folded: 2\r\n'), 400),
    bytes('a NUL in a header', head('X-Odd: a\u0000b\r\n'), 400),
    bytes('a line end in a request id', head('X-Request-Id: a\rSet-Cookie: b\r\n'), 400),
    bytes('no host', `POST /graphql HTTP/1.1\r\nConnection: close\r\n\r\n`, 400),
    bytes('another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400),
    bytes('another upgrade', head('Connection: Upgrade\r\nUpgrade: h2c\r\n'), 405),
    ...['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'token'].map(
      (authorization): Attack => ({
        name: `the header Authorization: ${authorization}`,
        http: { headers: { ...JSON_TYPE, authorization }, body: HELLO },
        gets: { status: 400, codes: ['BAD_REQUEST'] },
      }),
    ),
  ],
  neighbours: [
    { name: 'a well-formed request', bytes: head(''), gets: { status: 200, shows: /Hello, world/ } },
    {
      name: 'a request in chunks',
      bytes: `POST /graphql HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${HELLO.length.toString(16)}\r\n${HELLO}\r\n0\r\n\r\n`,
      gets: { status: 200, shows: /Hello, world/ },
    },
  ],
};

const MEGABYTES = 20 * 1024 * 1024;
const bomb = JSON.stringify({ query: `{ hello } # ${' '.repeat(MEGABYTES)}` });
const compressed = (name: string, encoding: string, body: Buffer | string, gets: Attack['gets']): Attack => ({
  name,
  http: { headers: { ...JSON_TYPE, 'content-encoding': encoding }, body },
  gets,
});

/** More than a router reads. */
export const oversized: Family = {
  name: 'bombs and oversized requests',
  attacks: [
    compressed('a gzip bomb', 'gzip', gzipSync(bomb), { status: 413, codes: ['PAYLOAD_TOO_LARGE'] }),
    compressed('a brotli bomb', 'br', brotliCompressSync(bomb), { status: 413, codes: ['PAYLOAD_TOO_LARGE'] }),
    compressed('a deflate bomb', 'deflate', deflateSync(bomb), { status: 413, codes: ['PAYLOAD_TOO_LARGE'] }),
    compressed('gzip in gzip', 'gzip, gzip', gzipSync(gzipSync(bomb)), { status: 415 }),
    compressed('a body that is not what its encoding says', 'gzip', HELLO, { status: 400 }),
    compressed('an encoding of one’s own', 'zstd-of-sorts', HELLO, { status: 415 }),
    {
      name: 'a body of two megabytes',
      http: { headers: JSON_TYPE, body: JSON.stringify({ query: `{ hello } # ${'x'.repeat(2_000_000)}` }) },
      gets: { status: 413, codes: ['PAYLOAD_TOO_LARGE'] },
    },
    bytes('a body that says it has a terabyte', head('', 1e12), 413),
    bytes('headers of 17 KB', head(`X-Long: ${'x'.repeat(17 * 1024)}\r\n`), 431),
    bytes(
      'a URL of 17 KB',
      `GET /graphql?query=${'x'.repeat(17 * 1024)} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n`,
      431,
    ),
    {
      name: 'an Accept header that goes on and on',
      http: { headers: { ...JSON_TYPE, accept: 'multipart/mixed;subscriptionSpec=0;'.repeat(430) }, body: HELLO },
      gets: { status: 406 },
    },
    { name: 'a WebSocket message of two megabytes', frames: ['x'.repeat(2_000_000)], gets: { close: 1009 } },
  ],
  neighbours: [
    compressed('a compressed request', 'gzip', gzipSync(HELLO), ANSWER),
    compressed('one by brotli', 'br', brotliCompressSync(HELLO), ANSWER),
    {
      name: 'half a megabyte',
      http: { headers: JSON_TYPE, body: JSON.stringify({ query: `{ hello } # ${'x'.repeat(500_000)}` }) },
      gets: ANSWER,
    },
  ],
};

/** Clients that take a connection and give nothing. The router here waits 2 s for headers and 4 s for a request. */
export const slowClients: Family = {
  name: 'slow clients',
  attacks: [
    {
      name: 'headers that never end',
      bytes: 'POST /graphql HTTP/1.1\r\nHost: here\r\nX-Slow: ',
      gets: { status: 408, codes: ['BAD_REQUEST'] },
    },
    { name: 'a body that never comes', bytes: head('', 1_000), gets: { status: 408, codes: ['BAD_REQUEST'] } },
    { name: 'a WebSocket that never says who it is', frames: [], gets: { close: 4408 } },
  ],
  neighbours: [
    {
      name: 'a WebSocket that does',
      frames: ['{"type":"connection_init"}', '{"id":"1","type":"subscribe","payload":{"query":"{ hello }"}}'],
      gets: { data: { hello: 'Hello, world' } },
    },
  ],
};
