import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { subgraphNames } from '@platform/runtime/modules';
import { Canary, eventually, sendTarget, targetsThatAreNone } from '@platform/testkit';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { ADMIN, EmbeddedPlatform } from './embedded-platform.js';
import { expectNumbersUnchanged } from './json-numbers.js';

const FEDERATED = '{ myPermissions posts(first: 1) { totalCount } }';

describe('the embedded platform', () => {
  let platform: EmbeddedPlatform;
  let firstAnswer: { readonly milliseconds: number; readonly processorSeconds: number };

  beforeAll(async () => {
    const started = performance.now();
    platform = await EmbeddedPlatform.start();
    await platform.anonymous.data(FEDERATED);
    const milliseconds = performance.now() - started;
    const metrics = await (await fetch(`${platform.url}/metrics`)).text();
    const processorSeconds = Number(/^process_cpu_seconds_total (\S+)/m.exec(metrics)?.[1]);
    firstAnswer = { milliseconds, processorSeconds };
  });
  afterAll(() => platform?.stop());

  it('has its first federated answer ready, on an empty data directory, for less than 10 s of work', () => {
    const { milliseconds, processorSeconds } = firstAnswer;
    process.stderr.write(
      `The first federated answer came ${Math.round(milliseconds)} ms after the process was started, for ${processorSeconds.toFixed(1)} s of its work\n`,
    );
    expect(processorSeconds).toBeLessThan(10);
  });

  it('prints where it is and a query that works when it is pasted', async () => {
    const [, body = ''] = await platform.process.prints(/-d '(.*)'/);
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await response.json()).toEqual({ data: { posts: { nodes: [] }, myPermissions: ['blog.post.read'] } });
  });

  it('is alive, and ready with each of its parts', async () => {
    expect(await json('/healthz')).toEqual({ status: 'ok' });
    const { status, checks } = await json('/ready');
    expect(status).toBe('ready');
    const names = subgraphNames.flatMap((name) => [`database:${name}`, `subgraph:${name}`]);
    expect(Object.keys(checks)).toEqual(expect.arrayContaining(names));
  });

  it('measures requests, operations, statements, pools, events and itself', async () => {
    await (await platform.signInAsAdministrator()).client.data('query Who { me { id } }');
    await eventually(async () => {
      const metrics = await (await fetch(`${platform.url}/metrics`)).text();
      for (const sample of [
        'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/graphql",http_response_status_code="200"}',
        'router_operation_duration_seconds_count{operation="Who",type="query",outcome="success"}',
        'db_client_operation_duration_seconds_count{db_namespace="identity",db_operation_name="select"}',
        'db_client_connection_count{db_client_connection_pool_name="blog",db_client_connection_state="idle"}',
        'platform_events_published_total{type="platform.user.logged_in"}',
        'platform_events_consumed_total{type="platform.user.logged_in"}',
        'platform_outbox_oldest_event_age_seconds{schema="identity"}',
        'platform_health_check_up{check="database:identity"} 1',
        'nodejs_eventloop_lag_seconds',
      ]) {
        expect(metrics).toContain(sample);
      }
      for (const name of [
        'platform_events_retried_total',
        'platform_events_dead_lettered_total',
        'platform_cache_requests_total',
        'router_subgraph_request_errors_total',
      ]) {
        expect(metrics).toContain(`# TYPE ${name} counter`);
      }
    });
  });

  it('takes numbers in JSON that are doubles, refuses others, and changes none', async () =>
    expectNumbersUnchanged(platform.url, await platform.signInAsAdministrator()));

  it('goes nowhere that the target of a request names', async () => {
    const canary = await Canary.start();
    for (const path of ['/blobs/blog/cover-image/1/2.png', '/audit/exports/0191', '/graphql']) {
      for (const method of ['GET', 'PUT', 'POST']) {
        const { text } = await sendTarget(platform.url, `http://${canary.host}${path}`, { method });
        expect(text).not.toContain('secret');
      }
      for (const target of targetsThatAreNone(canary.host, path)) {
        expect([target, (await sendTarget(platform.url, target)).status]).toEqual([target, 400]);
      }
    }
    canary.stop();
    expect(canary.asked).toEqual([]);
  });

  it('publishes the keys by which anybody can verify an access token', async () => {
    const { accessToken, userId } = await platform.signInAsAdministrator();
    const jwks = await json('/.well-known/jwks.json');

    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(jwks), {
      issuer: 'http://localhost:4000',
      audience: 'platform',
      typ: 'at+jwt',
    });

    expect(payload).toMatchObject({
      sub: userId,
      email: 'admin@example.com',
      roles: expect.arrayContaining(['admin']),
    });
    expect((payload.exp as number) - (payload.iat as number)).toBe(15 * 60);
    expect(jwks.keys.map(({ kid }: { kid: string }) => kid)).toContain(protectedHeader.kid);
    for (const key of jwks.keys) expect(key).not.toHaveProperty('d');
  });

  it('shows the mail that it sent, newest first, with links to its public address', async () => {
    for (const email of ['first@example.com', 'second@example.com']) {
      await platform.anonymous.data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
        input: { email, password: 'a rather long password', firstName: 'Ada', lastName: 'Lovelace' },
      });
      await platform.mailedToken(email, '/verify-email');
    }

    const mails = await json('/dev/mailbox.json');
    expect(mails.map(({ to }: { to: string }) => to)).toEqual(['second@example.com', 'first@example.com']);
    expect(Object.keys(mails[0]).sort()).toEqual(['html', 'links', 'sentAt', 'subject', 'text', 'to']);
    expect(mails[0].links).toEqual([
      expect.stringMatching(/^http:\/\/localhost:4000\/verify-email\?token=[\w-]{22,}$/),
    ]);
    expect(await json('/dev/mailbox.json?to=FIRST@example.com')).toEqual([mails[1]]);
    expect(await json('/dev/mailbox.json?to=nobody@example.com')).toEqual([]);
  });

  it('shows the explorer to a browser, with nothing from elsewhere', async () => {
    const response = await fetch(`${platform.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await response.text();

    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    const assets = addresses.filter((address) => address.startsWith('./dev/assets/'));
    expect(assets.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => !address.startsWith('./'))).toEqual([]);
    for (const asset of assets) expect((await fetch(new URL(asset, `${platform.url}/graphql`))).status).toBe(200);
  });

  it('refuses a second platform on its data, says who has it, and goes on itself', async () => {
    const second = EmbeddedPlatform.launch(platform.directory);

    expect(await second.ended()).toBe(1);
    expect(second.printed).toMatch(
      /is in use by another platform \(process \d+\)\. Stop that one, or choose another place with PLATFORM_DATA_DIR/,
    );
    expect(second.printed).not.toMatch(/^ +at /m);
    expect(await platform.anonymous.data(FEDERATED)).toHaveProperty('myPermissions');
  });

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const json = async (path: string): Promise<any> => (await fetch(platform.url + path)).json();
});

describe('stopping the embedded platform', () => {
  const started: EmbeddedPlatform[] = [];
  let directory: string;

  beforeEach(async () => {
    directory = await EmbeddedPlatform.newDirectory();
  });
  afterEach(async () => {
    for (const platform of started.splice(0)) await platform.process.end();
    await rm(directory, { recursive: true });
  });

  /** Without a password that was given: one is made and printed. */
  const start = async (): Promise<EmbeddedPlatform> => {
    const platform = await EmbeddedPlatform.start({ directory, env: { SEED_ADMIN_PASSWORD: '' } });
    started.push(platform);
    return platform;
  };

  /** No server listens on the port that was in use, and none has left its mark. */
  const expectNoPostgres = async (): Promise<void> => {
    const home = join(directory, 'postgres');
    expect(existsSync(join(home, 'data', 'postmaster.pid'))).toBe(false);
    expect(existsSync(join(home, 'owner.json'))).toBe(false);
    const { port } = JSON.parse(await readFile(join(home, 'credentials.json'), 'utf8'));
    if (port !== undefined)
      await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  };

  it('by SIGTERM or SIGINT ends it with 0 and leaves no PostgreSQL behind; the next start finds everything as it was', async () => {
    const first = await start();
    const [, password = ''] = await first.process.prints(/Password +(\S{20,})/);
    const { client } = await first.signIn(ADMIN.email, password);
    const { createPost } = await client.data('mutation { createPost(input: { title: "Kept", content: "x" }) { id } }');

    expect(await first.process.end('SIGTERM')).toBe(0);
    await expectNoPostgres();

    const second = await start();
    expect(second.process.printed).not.toContain(password);
    const again = await second.signIn(ADMIN.email, password);
    expect(await again.client.data('query ($id: ID!) { post(id: $id) { title } }', { id: createPost.id })).toEqual({
      post: { title: 'Kept' },
    });

    expect(await second.process.end('SIGINT')).toBe(0);
    await expectNoPostgres();
  });

  it('in the middle of its first start ends it with 0 and leaves no PostgreSQL behind', async () => {
    const process = EmbeddedPlatform.launch(directory);
    await eventually(() => expect(existsSync(join(directory, 'postgres', 'data.new'))).toBe(true));

    expect(await process.end('SIGTERM')).toBe(0);

    await expectNoPostgres();
    expect(process.printed).not.toMatch(/^ +at /m);
  });

  it('is what happens by itself, with 1 and a clear line, when the port is taken', async () => {
    const other = await EmbeddedPlatform.start();
    const { port } = new URL(other.url);
    try {
      const second = EmbeddedPlatform.launch(directory, { set: [`server.port=${port}`] });
      expect(await second.ended()).toBe(1);
      expect(second.printed).toContain(`Port ${port} of 127.0.0.1 is in use. Choose another with SERVER_PORT.`);
      await expectNoPostgres();
    } finally {
      await other.stop();
    }
  });
});
