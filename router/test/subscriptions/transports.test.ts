import { eventually, streamClientNames, streamClients } from '@platform/testkit';
import { RouterHarness } from '../http/router-harness.js';

const POSTED = 'subscription ($topic: String) { posted(topic: $topic) { id title author { id name } } }';
const USER = '018f0000-0000-7000-8000-00000000000a';

describe.each(streamClientNames)('a subscription through %s', (name) => {
  let router: RouterHarness;

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterEach(() => router.stop());

  /** Subscribed, and the subgraph's stream is open. */
  async function subscribed(token?: string, query = POSTED) {
    const open = router.upstreams.size;
    const stream = streamClients[name]({ url: router.url, query, token });
    await eventually(() => expect(router.upstreams.size + Number(Boolean(stream.outcome))).toBeGreaterThan(open));
    return stream;
  }

  it('brings each event, completed with fields of another subgraph', async () => {
    const stream = await subscribed(await router.issuer.token());
    router.emit({ id: '1', title: 'First', author: { id: 'ada' } });
    router.emit({ id: '2', title: 'Second' });

    expect(await stream.result(0)).toMatchObject({
      data: { posted: { id: '1', title: 'First', author: { id: 'ada', name: 'User ada' } } },
    });
    expect(await stream.result(1)).toMatchObject({ data: { posted: { id: '2', author: null } } });
    stream.stop();
  });

  it('tells of a failure with its path and goes on with the next event', async () => {
    const stream = await subscribed();
    router.away.add('identity');
    router.emit({ id: '1', author: { id: 'ada' } });
    const failed = await stream.result(0);
    expect(failed.errors).toMatchObject([
      { path: ['posted', 'author', 'name'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'identity' } },
    ]);
    stream.stop();
  });

  it('is refused with a bad token', async () => {
    const stream = streamClients[name]({ url: router.url, query: POSTED, token: 'nonsense' });
    await eventually(() => expect(stream.outcome).toBeDefined());
    switch (name) {
      case 'graphql-ws':
        expect(stream.outcome?.failure).toMatchObject({ code: 4403 });
        break;
      case '@apollo/client over multipart':
        expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
        break;
      default:
        expect(stream.outcome?.failure).toMatchObject({ response: { status: 401 } });
    }
    expect(router.upstreams.size).toBe(0);
  });

  it('is refused with a code to who may not have its root field', async () => {
    router.permissions = [];
    const stream = streamClients[name]({ url: router.url, query: POSTED });
    expect(await stream.endCodes()).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    expect(router.upstreams.size).toBe(0);
  });

  it('ends with UNAUTHENTICATED when the session is revoked, without waiting for an event', async () => {
    const stream = await subscribed(await router.issuer.token());
    router.endedSessions.add('session-1');
    await router.revocations.bump([`user:${USER}`]);
    expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
    await eventually(() => expect(router.upstreams.size).toBe(0));
    stream.stop();
  });

  it('ends with UNAUTHENTICATED when the token expires', async () => {
    const expiresAt = Math.ceil(Date.now() / 1000) * 1000 + 1_000;
    const stream = await subscribed(await router.issuer.token({ expiresAt }));
    expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    await eventually(() => expect(router.upstreams.size).toBe(0));
    stream.stop();
  });

  it('ends with UNAUTHORIZED_FIELD_OR_TYPE when the permission is lost', async () => {
    const stream = await subscribed(await router.issuer.token());
    router.permissions = [];
    await router.changeRoles();
    expect(await stream.endCodes()).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    await eventually(() => expect(router.upstreams.size).toBe(0));
    stream.stop();
  });

  it('lets go of the subgraph when the client has gone', async () => {
    const stream = await subscribed();
    stream.stop();
    await eventually(() => expect(router.upstreams.size).toBe(0));
    await eventually(async () =>
      expect(await router.metrics.registry.metrics()).toContain('router_client_subscriptions 0'),
    );
  });

  it('ends with SUBGRAPH_UNAVAILABLE when the subgraph goes away', async () => {
    const stream = await subscribed();
    for (const upstream of router.upstreams.keys()) upstream.fail(new Error('connection lost'));
    expect(await stream.endCodes()).toEqual(['SUBGRAPH_UNAVAILABLE']);
    stream.stop();
  });

  it('ends with SERVER_SHUTTING_DOWN when the router stops', async () => {
    const stream = await subscribed();
    const started = performance.now();
    await router.stop();
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(await stream.endCodes()).toEqual(['SERVER_SHUTTING_DOWN']);
    stream.stop();
  });
});
