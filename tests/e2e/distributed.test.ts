import { CallerTokenSigner, userCaller } from '@platform/auth';
import { loadConfig, processSections } from '@platform/foundation/config';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import {
  Canary,
  describeWithRedis,
  eventually,
  type GraphQLClient,
  sendTarget,
  streamClients,
  targetsThatAreNone,
} from '@platform/testkit';
import { DistributedPlatform, SUBGRAPHS } from './distributed-platform.js';
import { expectNumbersUnchanged } from './json-numbers.js';
import { Session } from './session.js';

const PASSWORD = 'a rather long password';

describeWithRedis('the platform as separate processes', (redisUrl) => {
  let platform: DistributedPlatform;
  let admin: Session;
  let author: Session;
  let postId: string;

  beforeAll(async () => {
    platform = await DistributedPlatform.start(redisUrl, { ROUTER_SUBGRAPH_TIMEOUT: '1s' });
    admin = await platform.signInAsAdministrator();
    author = await Session.signUp(platform.url('router'), platform.client('router'), 'author@example.com', PASSWORD);
    const { createPost } = await author.client.data(
      'mutation { createPost(input: { title: "Apart", content: "Together" }) { id } }',
    );
    postId = createPost.id;
    await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: postId });
  });
  afterAll(() => platform?.stop());

  const readPost = 'query ($id: ID!) { post(id: $id) { title author { displayName } } }';

  const onSecondRouter = ({ accessToken }: Session): GraphQLClient =>
    platform.client('second router').withToken(accessToken);

  it('answers one query from two subgraphs over HTTP', async () => {
    expect(await platform.client('router').data(readPost, { id: postId })).toEqual({
      post: { title: 'Apart', author: { displayName: 'Ada Lovelace' } },
    });
  });

  it('knows a user in every process as soon as they are made, locked or let in again, also by an operator', async () => {
    const { client } = admin;
    const email = 'new@example.com';
    const { roleByName } = await client.data('{ roleByName(name: "admin") { id } }');
    const { createUser } = await client.data(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { id roles { name } } }',
      { input: { email } },
    );
    expect(createUser.roles).toEqual([{ name: 'user' }]);
    const { assignRoles } = await client.data(
      'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { roles { name } } }',
      { userId: createUser.id, roleIds: [roleByName.id] },
    );
    expect(assignRoles.roles).toEqual([{ name: 'admin' }, { name: 'user' }]);

    const may = async () =>
      (
        await client.data('query ($id: ID!) { hasPermission(userId: $id, permission: "blog.post.read") }', {
          id: createUser.id,
        })
      ).hasPermission;
    await client.data('mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id: createUser.id });
    expect(await may()).toBe(false);
    expect(await platform.command('users', 'show', email)).toMatch(/LOCKED[\s\S]*admin, user/);
    expect(await platform.command('users', 'unlock', email)).toContain('can sign in again');
    expect(await may()).toBe(true);

    const own = { id: admin.userId };
    const locked = await client.codes('mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', own);
    expect(locked).toEqual(['LAST_ADMINISTRATOR']); // the other one never accepted the invitation
  });

  it('hands out an export of the audit log at the router', async () => {
    const { exportAuditEntries } = await admin.client.data('mutation { exportAuditEntries(format: CSV) { jobId } }');
    const path = await eventually(async () => {
      const { auditExport } = await admin.client.data(
        'query ($id: ID!) { auditExport(jobId: $id) { download { url } } }',
        { id: exportAuditEntries.jobId },
      );
      const { pathname, search } = new URL(auditExport.download.url);
      return `${pathname}${search}`;
    });
    const response = await fetch(new URL(path, platform.url('router')));
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^sequence,id,/)]);
    expect((await fetch(new URL(path.replace(/signature=./, 'signature='), platform.url('router')))).status).toBe(404);
  });

  it('takes numbers in JSON that are doubles, refuses others, and changes none', () =>
    expectNumbersUnchanged(platform.url('router'), admin));

  it('goes nowhere that the target of a request names, in any process', async () => {
    const canary = await Canary.start();
    for (const name of ['router', ...SUBGRAPHS]) {
      for (const path of ['/blobs/blog/cover-image/1/2.png', '/audit/exports/0191', '/graphql']) {
        for (const method of ['GET', 'PUT', 'POST']) {
          const { text } = await sendTarget(platform.url(name), `http://${canary.host}${path}`, {
            method,
            host: canary.host,
          });
          expect(text).not.toContain('secret');
        }
        for (const target of targetsThatAreNone(canary.host, path)) {
          expect([name, target, (await sendTarget(platform.url(name), target)).status]).toEqual([name, target, 400]);
        }
      }
    }
    canary.stop();
    expect(canary.asked).toEqual([]);
  });

  it('refuses a call straight to a subgraph without a caller token, or with one for another subgraph, entities included', async () => {
    const { callerToken, platform: settings } = loadConfig(processSections, { environment: 'test' });
    const signer = new CallerTokenSigner(callerToken.privateKey, callerToken.lifetime);
    const caller = userCaller(author.userId, null, settings.tenantId, ['blog.post.read']);
    const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Post { title content } } }';
    const variables = { r: [{ __typename: 'Post', id: postId }] };
    const blog = platform.client('blog');

    const refused = [
      await blog.request(entities, variables),
      await blog
        .withHeaders({ [CALLER_TOKEN_HEADER]: await signer.sign(caller, 'audit') })
        .request(entities, variables),
      await blog.withToken(author.accessToken).request(entities, variables),
      await blog.withHeaders({ [CALLER_TOKEN_HEADER]: author.accessToken }).request(entities, variables),
    ];
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(answer.data).toBeUndefined();
    }

    const own = blog.withHeaders({ [CALLER_TOKEN_HEADER]: await signer.sign(caller, 'blog') });
    expect(await own.data(entities, variables)).toMatchObject({ _entities: [{ title: 'Apart' }] });
  });

  it('applies a permission change to the very next request on every router', async () => {
    const writer = await Session.signUp(
      platform.url('router'),
      platform.client('router'),
      'writer@example.com',
      PASSWORD,
    );
    const { createRole } = await admin.client.data(
      'mutation { createRole(input: { name: "auditor", permissions: ["audit.entry.read"] }) { id } }',
    );
    const variables = { userId: writer.userId, roleIds: [createRole.id] };
    const read = '{ auditEntries(first: 1) { totalCount } }';
    for (let round = 0; round < 5; round += 1) {
      expect(await onSecondRouter(writer).codes(read)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
      await admin.client.data(
        `mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }`,
        variables,
      );
      expect(await onSecondRouter(writer).codes(read)).toEqual([]);
      await admin.client.data(
        `mutation ($userId: ID!, $roleIds: [ID!]!) { revokeRoles(userId: $userId, roleIds: $roleIds) { id } }`,
        variables,
      );
    }
  });

  it('ends a session on every router at once when its user is locked', async () => {
    const reader = await Session.signUp(
      platform.url('router'),
      platform.client('router'),
      'reader@example.com',
      PASSWORD,
    );
    expect(await onSecondRouter(reader).data('{ me { id } }')).toEqual({ me: { id: reader.userId } });

    await admin.client.data('mutation ($id: ID!) { lockUser(id: $id, reason: "test") { status } }', {
      id: reader.userId,
    });

    for (const client of [onSecondRouter(reader), reader.client]) {
      expect(await client.request('{ me { id } }')).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  it('brings events to every router over the subgraphs’ WebSockets, also after a subgraph was away, until the session ends', async () => {
    const reader = await Session.signUp(
      platform.url('router'),
      platform.client('router'),
      'live@example.com',
      PASSWORD,
    );
    const query = 'subscription { postPublished { title author { displayName } } }';
    const token = reader.accessToken;
    const streams = ['router', 'second router'].map((name) =>
      streamClients['graphql-ws']({ url: `${platform.url(name)}/graphql`, query, token }),
    );
    const publish = async (title: string) => {
      const { createPost } = await author.client.data(
        'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id } }',
        { title },
      );
      await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
    };
    const told = (title: string) => ({ data: { postPublished: { title, author: { displayName: 'Ada Lovelace' } } } });
    const heard = (title: string) =>
      eventually(async () => {
        await publish(title);
        for (const { results } of streams) expect(results).toContainEqual(told(title));
      });

    await heard('Live');
    await platform.process('blog').end('SIGKILL');
    await platform.run('blog');
    await heard('Live again');

    await admin.client.data('mutation ($id: ID!) { lockUser(id: $id, reason: "test") { status } }', {
      id: reader.userId,
    });
    for (const stream of streams) expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
  });

  it('answers in part, within the timeout, while a subgraph is stuck, and in full once it goes on', async () => {
    const query = `query ($id: ID!) { post(id: $id) { title author { displayName } } roles(first: 1) { totalCount } }`;
    platform.process('authz').signal('SIGSTOP');
    try {
      const started = performance.now();
      const answer = await admin.client.request(query, { id: postId });
      expect(performance.now() - started).toBeLessThan(4_000);
      expect(answer).toMatchObject({
        status: 200,
        data: { post: { title: 'Apart', author: { displayName: 'Ada Lovelace' } }, roles: null },
        errors: [{ path: ['roles'], extensions: { code: 'SUBGRAPH_TIMEOUT', service: 'authz' } }],
      });
    } finally {
      platform.process('authz').signal('SIGCONT');
    }
    await eventually(async () => expect((await admin.client.request(query, { id: postId })).errors).toEqual([]));
  });

  it('answers in part while a subgraph is dead, says so in /ready, and recovers without a restart of the router', async () => {
    await platform.process('identity').end('SIGKILL');

    const answer = await platform.client('router').request(readPost, { id: postId });
    expect(answer).toMatchObject({
      status: 200,
      data: { post: { title: 'Apart', author: null } },
      errors: [
        { path: ['post', 'author', 'displayName'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'identity' } },
      ],
    });
    const ready = await fetch(`${platform.url('router')}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'degraded',
      checks: { 'subgraph:identity': { status: 'failed' } },
    });

    await platform.run('identity');
    await eventually(async () =>
      expect((await platform.client('router').request(readPost, { id: postId })).errors).toEqual([]),
    );
  });

  it('stops a process cleanly on SIGTERM', async () => {
    expect(await platform.process('audit').end()).toBe(0);
    await platform.run('audit');
  });
});
