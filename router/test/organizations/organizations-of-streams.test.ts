import { NO_ORGANIZATION, tenantVersion, userVersion } from '@platform/auth';
import { eventually, ReceivedStream, streamClientNames, streamClients } from '@platform/testkit';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { RouterHarness } from '../http/router-harness.js';

const POSTED = 'subscription { posted { id } }';
const OPEN = 'subscription { open { id } }';
const USER = '018f0000-0000-7000-8000-00000000000a';
const [ACME, GLOBEX] = ['018f0000-0000-7000-8000-0000000000aa', '018f0000-0000-7000-8000-0000000000bb'];

describe('streams of several organizations', () => {
  let router: RouterHarness;
  const started: ReceivedStream[] = [];

  const start = async (checkInterval = 50) => {
    router = new RouterHarness();
    router.organizations.set('acme', ACME).set('globex', GLOBEX);
    await router.start({ tenancy: { mode: 'multi', resolve: ['header'] }, subscriptions: { checkInterval } });
  };
  afterEach(async () => {
    for (const stream of started.splice(0)) stream.stop();
    await router.stop();
  });

  const tokenOf = (tenantId: string) => router.issuer.token({ claims: { tenant_id: tenantId } });

  /** Over a WebSocket, with these headers of its upgrade and parameters of its connection. */
  function subscribe(
    query: string,
    { headers = {}, parameters = {} }: { headers?: Record<string, string>; parameters?: Record<string, string> },
  ): ReceivedStream {
    const client = createClient({
      url: router.url.replace('http', 'ws'),
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers });
        }
      },
      retryAttempts: 0,
      connectionParams: parameters,
    });
    const stream = new ReceivedStream();
    client.subscribe(
      { query },
      {
        next: (result) => void stream.results.push(result as ReceivedStream['results'][number]),
        error: (failure) => {
          stream.outcome = { failure };
        },
        complete: () => {
          stream.outcome ??= { failure: undefined };
        },
      },
    );
    stream.stop = () => void client.dispose();
    started.push(stream);
    return stream;
  }
  const of = (organization: string) => ({ headers: { 'x-organization': organization } });
  const tenants = () => [...router.upstreams.values()].map(({ tenantId }) => tenantId).sort();
  const upstreamsIn = (...expected: string[]) => eventually(() => expect(tenants()).toEqual([...expected].sort()));

  /** Callers have been checked, and found to be as they were: from now on only another version has them resolved. */
  async function checked(): Promise<void> {
    let reads = 0;
    const { read } = router.revocations;
    router.revocations.read = (keys) => {
      reads += 1;
      return read(keys);
    };
    await eventually(() => expect(reads).toBeGreaterThan(3));
  }

  it('share a stream of the subgraph within an organization alone', async () => {
    await start();
    for (const name of ['acme', 'acme', 'globex', 'nobody', 'nobody-either']) {
      subscribe(OPEN, of(name));
    }
    await upstreamsIn(ACME, GLOBEX, NO_ORGANIZATION, NO_ORGANIZATION);
    expect([...router.upstreams.values()].every(({ kind }) => kind === 'anonymous')).toBe(true);
  });

  it('are for the organization that a parameter of the connection names, where the upgrade has no such header', async () => {
    await start();
    subscribe(OPEN, { parameters: { 'X-Organization': 'acme' } });
    await upstreamsIn(ACME);
    subscribe(POSTED, { parameters: { 'x-organization': 'acme' }, headers: { 'x-organization': 'globex' } });
    await upstreamsIn(ACME, GLOBEX);
  });

  it('are refused where the token of the connection is of another organization than its upgrade names', async () => {
    await start();
    const authorization = `Bearer ${await tokenOf(ACME)}`;
    const stream = subscribe(OPEN, { ...of('globex'), parameters: { authorization } });
    await eventually(() => expect(stream.outcome?.failure).toMatchObject({ code: 4403 }));
    subscribe(OPEN, { ...of('acme'), parameters: { authorization } });
    await upstreamsIn(ACME);
  });

  it('are not reserved on a single connection for another organization than the token’s', async () => {
    await start();
    const authorization = `Bearer ${await tokenOf(ACME)}`;
    const reserve = (name: string) =>
      fetch(router.url, { method: 'PUT', headers: { authorization, 'x-organization': name } });
    expect((await reserve('globex')).status).toBe(400);
    expect((await reserve('acme')).status).toBe(201);
  });

  it('go on in no organization when that of the name is suspended, and are told nothing of it any more', async () => {
    await start();
    const stream = subscribe(OPEN, of('acme'));
    await upstreamsIn(ACME);
    router.emit({ id: '1' });
    await stream.result(0);
    await checked();
    router.organizations.delete('acme');
    await router.revocations.bump([tenantVersion(ACME)]);
    await upstreamsIn(NO_ORGANIZATION);
  });

  it('are told no event of an organization that was left before it, however seldom callers are checked', async () => {
    await start(3_600_000);
    const stream = subscribe(OPEN, { parameters: { authorization: `Bearer ${await tokenOf(ACME)}` } });
    await upstreamsIn(ACME);
    router.withoutMembers.add(ACME);
    await router.revocations.bump([userVersion(USER)]);
    const open = router.delay('authz');
    router.emit({ id: 'of acme' });
    router.emit({ id: 'of acme, too' });
    open();
    await upstreamsIn(NO_ORGANIZATION);
    router.emit({ id: 'of none' });
    expect(await stream.result(0)).toEqual({ data: { open: { id: 'of none' } } });
  });

  it('end where the request has come to name another organization than the token', async () => {
    await start();
    const stream = subscribe(OPEN, { ...of('acme'), parameters: { authorization: `Bearer ${await tokenOf(ACME)}` } });
    await upstreamsIn(ACME);
    await checked();
    router.organizations.set('acme', GLOBEX);
    await router.revocations.bump([tenantVersion(ACME)]);
    expect(await stream.endCodes()).toEqual(['BAD_REQUEST']);
    await upstreamsIn();
  });

  it.each(streamClientNames)('follow a membership that ends and comes back, through %s', async (name) => {
    await start();
    const stream = streamClients[name]({ url: router.url, query: OPEN, token: await tokenOf(ACME) });
    started.push(stream);
    await upstreamsIn(ACME);
    await checked();
    router.withoutMembers.add(ACME);
    await router.revocations.bump([userVersion(USER)]);
    await upstreamsIn(NO_ORGANIZATION);
    await checked();
    router.withoutMembers.delete(ACME);
    await router.revocations.bump([tenantVersion(ACME)]);
    await upstreamsIn(ACME);
    router.emit({ id: '1' });
    expect(await stream.result(0)).toMatchObject({ data: { open: { id: '1' } } });
  });

  it.each(streamClientNames)(
    'end where guests may not have them when the organization is suspended, through %s',
    async (name) => {
      await start();
      const stream = streamClients[name]({ url: router.url, query: POSTED, token: await tokenOf(ACME) });
      started.push(stream);
      await upstreamsIn(ACME);
      router.withoutMembers.add(ACME);
      router.permissions = [];
      await router.revocations.bump([tenantVersion(ACME)]);
      expect(await stream.endCodes()).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
      await upstreamsIn();
    },
  );
});
