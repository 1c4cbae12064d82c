import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@platform/testkit';
import { Client, fetchExchange, gql as urqlGql } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { RouterHarness } from './router-harness.js';

const QUERY = '{ hello ... @defer(label: "later") { latest { id author { name } } } }';
const DEFER = 'multipart/mixed; deferSpec=20220824, application/json';
const whole = { hello: 'Hello, world', latest: { id: 'p1', author: { name: 'User ada' } } };
const pieces = [
  { data: { hello: 'Hello, world' }, hasNext: true },
  {
    incremental: [{ data: { latest: whole.latest }, path: [], label: 'later' }],
    hasNext: false,
  },
];

describe('an answer with @defer', () => {
  let router: RouterHarness;

  beforeAll(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterAll(() => router.stop());

  const post = (query: string, accept: string, signal?: AbortSignal): Promise<Response> =>
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
      signal,
    });

  it('is framed to the letter as multipart/mixed', async () => {
    const response = await post(QUERY, DEFER);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('multipart/mixed;boundary="-";deferSpec=20220824');
    const head = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
    const [first, second] = pieces.map((piece) => JSON.stringify(piece));
    expect(await response.text()).toBe(`\r\n---${head}${first}\r\n---${head}${second}\r\n-----\r\n`);
  });

  it('sends the first part while the rest is still fetched', async () => {
    const release = router.delay('identity');
    const response = await post(QUERY, DEFER);
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(JSON.stringify(pieces[0]))) text += (await reader.read()).value;
    expect(text).not.toContain('incremental');
    expect(text.endsWith('\r\n---')).toBe(true);
    release();
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    expect(text).toContain(JSON.stringify(pieces[1]));
  });

  it.each([
    ['multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9', true],
    ['multipart/mixed; deferSpec="20220824"', true],
    ['application/json, multipart/mixed', true],
    ['multipart/mixed;deferSpec=20220824;q=0.5, application/json', false],
    ['multipart/mixed;deferSpec=20220824;q=0, application/json', false],
    ['multipart/mixed;subscriptionSpec=1.0, application/json', false],
    ['multipart/mixed;deferSpec=20991231, application/json', false],
    ['application/json', false],
    ['*/*', false],
  ])('to Accept %s comes in parts: %s', async (accept, inParts) => {
    const response = await post(QUERY, accept);
    expect(response.headers.get('content-type')?.startsWith('multipart/mixed')).toBe(inParts);
    if (inParts) await response.text();
    else expect(await response.json()).toEqual({ data: whole });
  });

  it('is a single one when nothing is deferred, and when it is refused', async () => {
    expect(await (await post('{ hello }', DEFER)).json()).toEqual({ data: { hello: 'Hello, world' } });
    const refused = await post('{ ... @defer(label: "a") { hello } ... @defer(label: "a") { hello } }', DEFER);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });

  it('ends what is fetched for it when the client goes', async () => {
    const release = router.delay('identity');
    const client = new AbortController();
    const response = await post(QUERY, DEFER, client.signal);
    const reader = response.body?.getReader();
    await reader?.read();
    client.abort();
    await expect(reader?.read()).rejects.toThrow();
    release();
    expect(await (await post('{ hello }', 'application/json')).json()).toEqual({ data: { hello: 'Hello, world' } });
    expect(router.errors).toEqual([]);
  });

  it('tells of refused fields in the part that they belong to', async () => {
    const response = await post('{ hello ... @defer { latest { id moderation } } }', DEFER);
    const [, , part] = (await response.text()).split('---');
    expect(JSON.parse(part?.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      incremental: [
        {
          data: { latest: { id: 'p1', moderation: null } },
          errors: [{ path: ['latest', 'moderation'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
        },
      ],
      hasNext: false,
    });
  });

  it('reaches Apollo Client', async () => {
    const release = router.delay('identity');
    const client = new ApolloClient({
      link: new HttpLink({ uri: router.url }),
      cache: new InMemoryCache(),
      incrementalHandler: new Defer20220824Handler(),
    });
    const seen: unknown[] = [];
    client.watchQuery({ query: gql(QUERY) }).subscribe(({ data }) => void seen.push(structuredClone(data)));
    await eventually(() => expect(seen).toContainEqual({ __typename: 'Query', hello: 'Hello, world' }));
    expect(seen).not.toContainEqual(expect.objectContaining({ latest: expect.anything() }));
    release();
    await eventually(() => expect(seen.at(-1)).toMatchObject(whole));
    client.stop();
  });

  it('reaches urql', async () => {
    const release = router.delay('identity');
    const client = new Client({ url: router.url, exchanges: [fetchExchange], preferGetMethod: false });
    const seen: { data?: unknown; hasNext: boolean }[] = [];
    const { unsubscribe } = client.query(urqlGql(QUERY), {}).subscribe(({ data, hasNext }) => {
      seen.push({ data: structuredClone(data), hasNext });
    });
    await eventually(() => expect(seen).toContainEqual({ data: { hello: 'Hello, world' }, hasNext: true }));
    release();
    await eventually(() => expect(seen.at(-1)).toMatchObject({ data: whole, hasNext: false }));
    unsubscribe();
  });

  it.each([
    [
      'a WebSocket',
      (query: string) =>
        collect(
          createWsClient({ url: router.url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 }),
          query,
        ),
    ],
    ['an event stream', (query: string) => collect(createSseClient({ url: router.url, retryAttempts: 0 }), query)],
    [
      'the one connection for event streams',
      (query: string) => collect(createSseClient({ url: router.url, singleConnection: true, retryAttempts: 0 }), query),
    ],
  ])('comes in parts over %s', async (_, ask) => {
    expect(await ask(QUERY)).toEqual(pieces);
  });
});

interface StreamingClient {
  iterate(request: { query: string }): AsyncIterable<unknown>;
  dispose(): unknown;
}

async function collect(client: StreamingClient, query: string): Promise<unknown[]> {
  const results: unknown[] = [];
  for await (const result of client.iterate({ query })) results.push(result);
  client.dispose();
  return results;
}
