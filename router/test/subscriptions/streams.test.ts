import { eventually, type ReceivedStream, streamClients } from '@platform/testkit';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { AuthorizationMetrics } from '../../src/authorization-metrics.js';
import { RouterHarness } from '../http/router-harness.js';

const POSTED = 'subscription ($topic: String) { posted(topic: $topic) { id author { name } } }';
const MODERATED = 'subscription { open { id moderation } }';

describe('streams of the router', () => {
  let router: RouterHarness;
  const started: ReceivedStream[] = [];

  const start = async (...set: Parameters<RouterHarness['start']>) => {
    router = new RouterHarness();
    await router.start(...set);
  };
  afterEach(async () => {
    for (const stream of started.splice(0)) stream.stop();
    await router.stop();
  });

  const subscribe = (query: string, options: { token?: string; variables?: Record<string, unknown> } = {}) => {
    const stream = streamClients['graphql-ws']({ url: router.url, query, ...options });
    started.push(stream);
    return stream;
  };
  const upstreams = (count: number) => eventually(() => expect(router.upstreams.size).toBe(count));
  const subscribers = (count: number) =>
    eventually(async () =>
      expect(await router.metrics.registry.metrics()).toContain(`router_client_subscriptions ${count}`),
    );

  it('share one stream of the subgraph, and one completion of each event, where the caller and the operation are the same', async () => {
    await start();
    const streams = Array.from({ length: 5 }, () => subscribe(POSTED));
    await subscribers(5);
    await upstreams(1);
    const before = router.calls.identity as number;

    router.emit({ id: '1', author: { id: 'ada' } });
    for (const stream of streams) {
      expect(await stream.result(0)).toEqual({ data: { posted: { id: '1', author: { name: 'User ada' } } } });
    }
    expect(router.calls.identity).toBe(before + 1);

    for (const stream of streams.slice(1)) stream.stop();
    await subscribers(1);
    expect(router.upstreams.size).toBe(1);
    streams[0]?.stop();
    await upstreams(0);
  });

  it('share nothing between callers, variables or operations', async () => {
    await start();
    const other = { sub: '018f0000-0000-7000-8000-00000000000b', sid: 'session-2' };
    subscribe(POSTED);
    subscribe(POSTED, { variables: { topic: 'x' } });
    subscribe(MODERATED);
    subscribe(POSTED, { token: await router.issuer.token() });
    subscribe(POSTED, { token: await router.issuer.token({ claims: other }) });
    await upstreams(5);
  });

  it('go on under new rights when others than the root field’s have changed', async () => {
    await start();
    const stream = subscribe(MODERATED, { token: await router.issuer.token() });
    await upstreams(1);
    router.emit({ id: '1', moderation: 'secret' });
    expect(await stream.result(0)).toMatchObject({
      data: { open: { id: '1', moderation: null } },
      errors: [{ path: ['open', 'moderation'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });

    router.permissions = ['blog.post.read', 'blog.post.moderate'];
    await router.changeRoles();
    await eventually(() => {
      expect(router.upstreams.size).toBe(1);
      expect([...router.upstreams.values()][0]?.permissions.has('blog.post.moderate')).toBe(true);
    });
    router.emit({ id: '2', moderation: 'now seen' });
    expect(await stream.result(1)).toEqual({ data: { open: { id: '2', moderation: 'now seen' } } });
  });

  it('never tell an event by rights that were lost before it, however seldom callers are checked', async () => {
    await start({ subscriptions: { checkInterval: 3_600_000 } });
    router.permissions = ['blog.post.read', 'blog.post.moderate'];
    const stream = subscribe(MODERATED, { token: await router.issuer.token() });
    await upstreams(1);
    router.permissions = ['blog.post.read'];
    await router.changeRoles();

    router.emit({ id: '1', moderation: 'secret' });
    expect(await stream.result(0)).toMatchObject({ data: { open: { id: '1', moderation: null } } });
  });

  it('wait while nobody can say what their callers may do, and an event then ends them without calling it a refusal', async () => {
    await start({ subscriptions: { checkInterval: 20 } });
    const stream = subscribe(POSTED, { token: await router.issuer.token() });
    await upstreams(1);
    const asked = router.calls.authz as number;
    router.away.add('authz');
    await router.changeRoles();
    await eventually(() => expect(router.calls.authz).toBeGreaterThan(asked + 2));
    expect(router.upstreams.size).toBe(1);

    router.emit({ id: '1' });
    expect(await stream.endCodes()).toEqual(['SERVICE_UNAVAILABLE']);
    expect((await router.metrics.of(AuthorizationMetrics).denials.get()).values[0]?.value).toBe(0);
  });

  it('end with the event that meets a revoked session, however seldom callers are checked', async () => {
    await start({ subscriptions: { checkInterval: 3_600_000 } });
    const stream = subscribe(POSTED, { token: await router.issuer.token() });
    await upstreams(1);
    router.endedSessions.add('session-1');
    await router.revocations.bump(['user:018f0000-0000-7000-8000-00000000000a']);
    router.emit({ id: '1' });
    expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
    expect(stream.results).toHaveLength(1);
  });

  it('are bounded per caller and per connection', async () => {
    await start({ subscriptions: { perCaller: 2, perConnection: 1 } });
    const client = createClient({ url: router.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    const on = (query: string) =>
      new Promise((resolve, reject) =>
        client.subscribe({ query }, { next: resolve, error: reject, complete: () => {} }),
      );
    on(POSTED).catch(() => {});
    await subscribers(1);
    await expect(on(MODERATED)).rejects.toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 1 } }]);

    subscribe(MODERATED);
    await subscribers(2);
    expect(await subscribe(POSTED).endCodes()).toEqual(['TOO_MANY_SUBSCRIPTIONS']);
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: POSTED }),
    });
    expect(response.status).toBe(429);
    await client.dispose();
    await subscribers(1);
  });

  it('end with SUBSCRIPTION_OVERFLOW for a client that does not read, without holding back others', async () => {
    await start({ subscriptions: { buffer: 5 } });
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { open { id title } }' }),
    });
    await upstreams(1);
    const reading = subscribe('subscription { open { id title } }');
    await subscribers(2);

    const title = 'x'.repeat(1_000_000);
    for (let id = 1; id <= 60; id += 1) {
      router.emit({ id: String(id), title });
      await reading.result(id - 1);
    }
    await subscribers(1);
    expect(await lastEventOf(response)).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_OVERFLOW' } }],
    });
  });

  it('are refused where the transport carries one answer only', async () => {
    await start();
    expect(await router.client.codes(POSTED)).toEqual(['UNSUPPORTED_OPERATION']);
    expect(await router.client.codes('subscription { unstreamable }')).toEqual(['UNSUPPORTED_OPERATION']);
  });

  it('get a sign of life while nothing happens', async () => {
    await start({ subscriptions: { heartbeat: 20 } });
    for (const [accept, sign] of [
      ['text/event-stream', ':\n\n:\n\n'],
      ['multipart/mixed;subscriptionSpec=1.0, application/json', '{}\r\n--graphql'],
    ] as const) {
      const response = await fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: POSTED }),
      });
      const reader = response.body?.getReader();
      let text = '';
      while (!text.includes(sign)) text += new TextDecoder().decode((await reader?.read())?.value);
      await reader?.cancel();
    }
    await upstreams(0);
  });
});

async function lastEventOf(response: Response): Promise<unknown> {
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('event: next'));
  return JSON.parse((events.at(-1) as string).split('\ndata: ')[1] as string);
}
