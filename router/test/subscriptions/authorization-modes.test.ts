import { eventually, type ReceivedStream, streamClients } from '@platform/testkit';
import type { CommonRouterConfig } from '../../src/config.js';
import { RouterHarness } from '../http/router-harness.js';

const MODERATED = 'subscription { open { id moderation } }';
const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE';

describe('a subscription with refused fields', () => {
  let router: RouterHarness;
  let stream: ReceivedStream;

  const subscribe = async (authorization: Partial<CommonRouterConfig['authorization']>): Promise<void> => {
    router = new RouterHarness();
    const defaults = { mode: 'filter', errors: 'errors', reasons: true, filterIntrospection: true } as const;
    await router.start({ router: { authorization: { ...defaults, ...authorization }, subgraphTimeout: 5_000 } });
    stream = streamClients['graphql-ws']({ url: router.url, query: MODERATED, token: await router.issuer.token() });
  };
  const event = async () => {
    await eventually(() => expect(router.upstreams.size).toBe(1));
    router.emit({ id: '1', moderation: 'secret' });
    return stream.result(0);
  };
  afterEach(async () => {
    stream.stop();
    await router.stop();
  });

  it('is refused as a whole by a router that rejects', async () => {
    await subscribe({ mode: 'reject' });
    expect(await stream.endCodes()).toEqual([REFUSED]);
    expect(router.upstreams.size).toBe(0);
  });

  it('ends at a router that rejects once the permission is lost', async () => {
    router = new RouterHarness();
    router.permissions = ['blog.post.moderate'];
    const authorization = { mode: 'reject', errors: 'errors', reasons: true, filterIntrospection: true } as const;
    await router.start({ router: { authorization, subgraphTimeout: 5_000 } });
    stream = streamClients['graphql-ws']({ url: router.url, query: MODERATED, token: await router.issuer.token() });
    expect(await event()).toEqual({ data: { open: { id: '1', moderation: 'secret' } } });
    router.permissions = [];
    await router.changeRoles();
    expect(await stream.endCodes()).toEqual([REFUSED]);
  });

  it('streams everything from a router that only reports', async () => {
    await subscribe({ mode: 'report-only' });
    expect(await event()).toEqual({ data: { open: { id: '1', moderation: 'secret' } } });
  });

  it('keeps the reasons of each event to itself where it is told to', async () => {
    await subscribe({ reasons: false });
    const result = await event();
    expect(result).toMatchObject({
      data: { open: { id: '1', moderation: null } },
      errors: [{ extensions: { code: REFUSED } }],
    });
    expect(JSON.stringify(result)).not.toContain('reason');
  });

  it('tells refusals of each event in extensions where it is told to', async () => {
    await subscribe({ errors: 'extensions' });
    expect(await event()).toMatchObject({
      data: { open: { id: '1', moderation: null } },
      extensions: { authorization: { errors: [{ path: ['open', 'moderation'] }] } },
    });
  });
});
