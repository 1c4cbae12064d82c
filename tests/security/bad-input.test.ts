import { eventually } from '@platform/testkit';
import { ADMIN, EmbeddedPlatform } from '../e2e/embedded-platform.js';
import type { Session } from '../e2e/session.js';
import { RecordingClient } from './recording-client.js';

const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';
const PASSWORD = 'a rather long password';
const OTHER_PASSWORD = 'another rather long one';

describe('bad input to the platform', () => {
  let platform: EmbeddedPlatform;
  let guest: RecordingClient;
  let admin: RecordingClient;
  let author: RecordingClient;
  let session: Session;
  let postId: string;
  const secrets: string[] = [ADMIN.password, PASSWORD, OTHER_PASSWORD];

  beforeAll(async () => {
    // The router's own limits would refuse what identity is to withstand.
    const limits = ['router.limits.rootFields=200', 'router.limits.aliases=200'];
    platform = await EmbeddedPlatform.start({ set: ['logging.level=trace', ...limits] });
    guest = RecordingClient.of(platform.url);
    const administrator = await platform.signInAsAdministrator();
    session = await platform.signUp('author@example.com', PASSWORD);
    admin = guest.with({ authorization: `Bearer ${administrator.accessToken}` });
    author = guest.with({ authorization: `Bearer ${session.accessToken}` });
    const { data } = await author.ask('mutation { createPost(input: { title: "Safe", content: "Sound" }) { id } }');
    postId = data.createPost.id;
    for (const { accessToken, refreshToken } of [administrator, session]) secrets.push(accessToken, refreshToken);
    secrets.push(await platform.mailedToken('author@example.com', '/verify-email'));
  });
  afterAll(() => platform?.stop());

  describe('an unknown id', () => {
    it.each([
      'query ($id: ID!) { answer: post(id: $id) { id } }',
      'query ($id: ID!) { answer: user(id: $id) { id } }',
      'query ($id: ID!) { answer: role(id: $id) { id } }',
      'query ($id: ID!) { answer: auditEntry(id: $id) { id } }',
    ])('is null without an error: %s', async (query) => {
      for (const id of [UNKNOWN, 'x', '', '1']) {
        expect((await admin.ask(query, { id })).text).toBe('{"data":{"answer":null}}');
      }
    });

    it.each([
      ['publishPost(id: $id) { id }', 'POST_NOT_FOUND'],
      ['archivePost(id: $id) { id }', 'POST_NOT_FOUND'],
      ['deletePost(id: $id)', 'POST_NOT_FOUND'],
      ['updatePost(id: $id, input: { title: "x", version: 1 }) { id }', 'POST_NOT_FOUND'],
      ['addComment(input: { postId: $id, body: "x" }) { id }', 'POST_NOT_FOUND'],
      ['deleteComment(id: $id)', 'COMMENT_NOT_FOUND'],
      ['lockUser(id: $id, reason: "x") { id }', 'USER_NOT_FOUND'],
      ['unlockUser(id: $id) { id }', 'USER_NOT_FOUND'],
      ['deleteUser(id: $id)', 'USER_NOT_FOUND'],
      ['updateUser(id: $id, input: { firstName: "x" }) { id }', 'USER_NOT_FOUND'],
      ['revokeUserSessions(userId: $id)', 'USER_NOT_FOUND'],
      ['revokeSession(id: $id)', 'SESSION_NOT_FOUND'],
      ['assignRoles(userId: $id, roleIds: []) { id }', 'USER_NOT_FOUND'],
      ['updateRole(id: $id, input: { description: "x" }) { id }', 'ROLE_NOT_FOUND'],
      ['deleteRole(id: $id)', 'ROLE_NOT_FOUND'],
      ['grantPermissions(roleId: $id, permissions: ["blog.post.read"]) { id }', 'ROLE_NOT_FOUND'],
    ])('is a coded error of the mutation %s: %s', async (field, code) => {
      for (const id of [UNKNOWN, 'x', '', "1'; DROP TABLE users; --"]) {
        expect((await admin.ask(`mutation ($id: ID!) { ${field} }`, { id })).codes).toEqual([code]);
      }
    });
  });

  it('that is stale changes nothing', async () => {
    const update =
      'mutation ($id: ID!, $title: String, $version: Int!) { updatePost(id: $id, input: { title: $title, version: $version }) { title version } }';
    const first = await author.ask(update, { id: postId, title: 'Newer', version: 1 });
    expect(first.data.updatePost).toEqual({ title: 'Newer', version: 2 });

    for (const version of [1, 3, 0, -1]) {
      expect((await author.ask(update, { id: postId, title: 'Lost', version })).codes).toEqual(['CONFLICT']);
    }
    const { data } = await author.ask('query ($id: ID!) { post(id: $id) { title version } }', { id: postId });
    expect(data.post).toEqual({ title: 'Newer', version: 2 });
  });

  it('that tries addresses learns of none: known and unknown ones are answered alike', async () => {
    const register = 'mutation ($input: RegisterInput!) { register(input: $input) { accepted } }';
    const asked = async (email: string): Promise<string[]> => [
      (await guest.ask(register, { input: { email, password: PASSWORD, firstName: 'A', lastName: 'B' } })).text,
      (await guest.ask('mutation ($email: String!) { requestPasswordReset(email: $email) }', { email })).text,
      (await guest.ask('mutation ($email: String!) { resendVerificationEmail(email: $email) }', { email })).text,
      (await login(email, OTHER_PASSWORD)).text,
    ];

    expect(await asked('author@example.com')).toEqual(await asked('nobody@example.com'));

    expect((await login('author@example.com', PASSWORD)).codes).toEqual([]);
  });

  it('that reaches for entities, hidden fields and the schema behind them is refused before anything runs', async () => {
    for (const query of [
      '{ _entities(representations: [{ __typename: "User", id: "1" }]) { __typename } }',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { email } } }',
      '{ _service { sdl } }',
      '{ signingKeys }',
      '{ posts { nodes { author { passwordHash } } } }',
    ]) {
      const { status, codes } = await admin.ask(query);
      expect(status).toBe(400);
      expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    }
    const { text } = await admin.ask('{ __schema { types { name fields { name } } } }');
    for (const hidden of ['signingKeys', '_entities', '_service', '_Any', 'join__', 'passwordHash']) {
      expect(text).not.toContain(hidden);
    }
  });

  it('that pollutes prototypes is data or a mistake, and nothing else', async () => {
    const query = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { title } }';
    const polluted = await author.send(
      `{"query":${JSON.stringify(query)},"variables":{"input":{"title":"x","content":"y","__proto__":{"isAdmin":true}}}}`,
    );
    expect(polluted.codes).toEqual(['BAD_USER_INPUT']);

    const ignored = await author.send(
      `{"__proto__":{"query":"{ me { id } }"},"query":"{ me { email } }","variables":{"__proto__":{"input":1},"constructor":{"prototype":{"polluted":1}}}}`,
    );
    expect(ignored.data).toEqual({ me: { email: 'author@example.com' } });

    const recorded = await admin.send(
      `{"query":"mutation ($m: JSON) { recordAuditEntry(input: { action: \\"test.noted\\", resource: \\"test\\", metadata: $m }) { metadata } }",
        "variables":{"m":{"__proto__":{"polluted":true},"kept":1}}}`,
    );
    expect(recorded.errors).toEqual([]);
    expect(recorded.data.recordAuditEntry.metadata).toMatchObject({ kept: 1 });
    expect((await guest.ask('{ me { id } myPermissions }')).data).toEqual({
      me: null,
      myPermissions: ['blog.post.read'],
    });
  });

  describe('that is nested deeply', () => {
    const nested = (depth: number, open: string, inner: string, close: string): string =>
      open.repeat(depth) + inner + close.repeat(depth);

    const nestedPosts = (depth: number): string =>
      `{ posts { nodes { ${nested(depth, 'author { posts { nodes { ', 'id', '} } } ')} } } }`;

    afterEach(async () => {
      expect((await guest.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    });

    it.each([
      'query ($v: JSON) { authorize(input: { userId: "1", permission: "blog.post.read", resource: $v }) { allowed } }',
      'mutation ($v: JSON) { recordAuditEntry(input: { action: "test.deep", resource: "test", metadata: $v }) { metadata } }',
    ])('is an answer or a coded error where any JSON may stand: %s', async (query) => {
      for (const depth of [100, 5_000, 100_000]) {
        const variables = `{"v":${nested(depth, '{"a":', '1', '}')}}`;
        const { codes } = await admin.send(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
        expect([[], ['BAD_USER_INPUT']]).toContainEqual(codes);
      }
    });

    it('is no list of texts', async () => {
      const query = 'mutation ($v: [String!]!) { grantPermissions(roleId: "1", permissions: $v) { id } }';
      const variables = `{"v":${nested(50_000, '[', '"x"', ']')}}`;
      const { codes } = await admin.send(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
      expect(codes).toEqual(['BAD_USER_INPUT']);
    });

    it.each([
      ['selections', `{ ${nested(1_300, 'posts { nodes { author { ', 'id', '} } }')} }`],
      ['selections that are valid', nestedPosts(1_000)],
      ['selections that can just be parsed', nestedPosts(600)],
      ['inputs', `{ posts(filter: ${nested(2_400, '{ a: ', '1', '}')}) { totalCount } }`],
      ['lists', `{ posts(first: ${nested(4_000, '[', '1', ']')}) { totalCount } }`],
      ['types', `query ($a: ${nested(4_000, '[', 'Int', ']')}) { posts { totalCount } }`],
      [
        'fragments',
        `{ ...f0 } ${Array.from({ length: 900 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} }`).join(' ')} fragment f900 on Query { nothing }`,
      ],
    ])('is refused when it is a document of nested %s', async (_what, query) => {
      const { status, codes } = await guest.ask(query);
      expect(status).toBe(400);
      for (const code of codes)
        expect(code).toMatch(/^(GRAPHQL_(PARSE|VALIDATION)_FAILED|MAX_(DEPTH|FRAGMENTS)_LIMIT)$/);
    });
  });

  describe('that is a strange text', () => {
    const texts = [
      "'; DROP TABLE identity.users; --",
      "' OR '1'='1",
      '%_%\\',
      '\\',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '"$1" {{7*7}} <script>alert(1)</script>',
      ':* & | ! <-> ( )',
      '\u202e\u200b\ufeff',
      'x'.repeat(50_000),
      '',
      ' ',
    ];

    it.each([
      'query ($s: String!) { posts(filter: { search: $s }) { totalCount } }',
      'query ($s: String!) { posts(filter: { tag: $s }) { totalCount } }',
      'query ($s: ID!) { posts(filter: { authorId: $s }) { totalCount } }',
      'query ($s: String!) { posts(after: $s) { totalCount } }',
      'query ($s: String!) { postBySlug(slug: $s) { id } }',
      'query ($s: ID!) { post(id: $s) { id } }',
      'query ($s: String!) { users(filter: { search: $s }) { totalCount } }',
      'query ($s: String!) { users(before: $s) { totalCount } }',
      'query ($s: String!) { userByEmail(email: $s) { id } }',
      'query ($s: ID!) { user(id: $s) { id } }',
      'query ($s: String!) { roleByName(name: $s) { id } }',
      'query ($s: String!) { roles(after: $s) { totalCount } }',
      'query ($s: String!) { permissions(module: $s) { code } }',
      'query ($s: String!) { whoCan(permission: $s) { totalCount } }',
      'query ($s: String!) { hasPermission(userId: "1", permission: $s) }',
      'query ($s: ID!) { hasPermission(userId: $s, permission: "blog.post.read") }',
      'query ($s: String!) { auditEntries(filter: { action: $s }) { totalCount } }',
      'query ($s: String!) { auditEntries(filter: { resource: $s, requestId: $s }) { totalCount } }',
      'query ($s: ID!) { auditEntries(filter: { actorId: $s, resourceId: $s }) { totalCount } }',
      'query ($s: String!) { auditEntries(after: $s) { totalCount } }',
      'mutation ($s: String!) { createPost(input: { title: $s, content: "x" }) { id } }',
      'mutation ($s: String!) { createPost(input: { title: "x", content: $s, tags: [$s] }) { id } }',
      'mutation ($s: String!) { createPost(input: { title: "x", content: "y", slug: $s }) { id } }',
      'mutation ($s: String!) { updateProfile(input: { username: $s }) { id } }',
      'mutation ($s: String!) { updateProfile(input: { firstName: $s, locale: $s }) { id } }',
      'mutation ($s: String!) { createRole(input: { name: $s, description: $s }) { id } }',
      'mutation ($s: String!) { createRole(input: { name: "fresh", permissions: [$s] }) { id } }',
      'mutation ($s: String!) { createUser(input: { email: $s }) { id } }',
      'mutation ($s: ID!) { lockUser(id: $s, reason: "x") { id } }',
      'mutation ($s: String!) { recordAuditEntry(input: { action: $s, resource: $s, ipAddress: $s, userAgent: $s }) { id } }',
      'mutation ($s: JSON!) { recordAuditEntry(input: { action: "test.noted", resource: "test", metadata: { text: $s } }) { id } }',
      'mutation ($s: String!) { register(input: { email: $s, password: $s }) { accepted } }',
      'mutation ($s: String!) { login(input: { email: $s, password: $s }) { __typename } }',
      'mutation ($s: String!) { verifyEmail(token: $s) }',
      'mutation ($s: String!) { resetPassword(input: { token: $s, newPassword: $s }) }',
      'mutation ($s: String!) { requestPasswordReset(email: $s) }',
      'mutation ($s: String!) { refreshToken(refreshToken: $s) { accessToken } }',
      'mutation ($s: String!) { logout(refreshToken: $s) }',
    ])('is an answer or a coded error, never a failure: %s', async (query) => {
      for (const s of texts) {
        const { codes } = await admin.ask(query, { s });
        expect([
          s.slice(0, 40),
          codes.filter((code) => code === undefined || code === 'INTERNAL_SERVER_ERROR'),
        ]).toEqual([s.slice(0, 40), []]);
      }
    });

    it('finds nothing that it should not: a pattern is text', async () => {
      const { data } = await author.ask('{ own: posts(filter: { status: DRAFT }) { totalCount } }');
      expect(data.own.totalCount).toBe(1);
      for (const search of ['%', '_', "' OR '1'='1", '.*']) {
        const found = await author.ask(
          'query ($s: String!) { posts(filter: { status: DRAFT, search: $s }) { totalCount } users: myPermissions }',
          { s: search },
        );
        expect([search, found.data.posts.totalCount]).toEqual([search, 0]);
        const users = await admin.ask('query ($s: String!) { users(filter: { search: $s }) { totalCount } }', {
          s: search,
        });
        expect([search, users.data.users.totalCount]).toEqual([search, 0]);
      }
    });

    it('is refused with its place when it is too long', async () => {
      const long = 'x'.repeat(190_000);
      const create = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }';
      const { codes, errors } = await author.ask(create, { input: { title: long, content: 'x' } });
      expect(codes).toEqual(['BAD_USER_INPUT']);
      expect(Object.keys(errors[0]?.extensions.fields as object)).toEqual(['input.title']);

      const beyondAnyField = await author.ask(create, { input: { title: 'x'.repeat(900_000), content: 'x' } });
      expect([beyondAnyField.status, beyondAnyField.codes]).toEqual([400, ['MAX_STRING_LENGTH_LIMIT']]);
      const tooLarge = await author.ask(create, { input: { title: 'x', content: 'x'.repeat(2_000_000) } });
      expect([tooLarge.status, tooLarge.codes]).toEqual([413, ['PAYLOAD_TOO_LARGE']]);
    });
  });

  it.each([
    ['{ posts(first: 101) { totalCount } }', 'BAD_USER_INPUT'],
    ['{ posts(first: -1) { totalCount } }', 'BAD_USER_INPUT'],
    ['{ posts(first: 1, last: 1) { totalCount } }', 'BAD_USER_INPUT'],
    ['{ posts(first: 99999999999) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ posts(filter: { status: NOWHERE }) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ users(filter: { createdAfter: "yesterday" }) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ auditEntries(filter: { from: "+275760-09-13T00:00:00Z" }) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('that is out of bounds is refused: %s', async (query, code) => {
    expect((await admin.ask(query)).codes).toEqual([code]);
  });

  it('that tries a hundred passwords in one request gets no further than one', async () => {
    const email = 'victim@example.com';
    await platform.signUp(email, PASSWORD);
    const passwords = Array.from({ length: 99 }, (_, n) => `guess number ${n}`);
    const fields = [...passwords, PASSWORD].map(
      (password, n) => `a${n}: login(input: { email: "${email}", password: "${password}" }) { __typename }`,
    );

    const before = await failedLogins();

    const { data, codes } = await guest.ask(`mutation { ${fields.join(' ')} }`);

    expect(data).toBeNull();
    expect(codes).toEqual(['INVALID_CREDENTIALS']);
    await eventually(async () => expect(await failedLogins()).toBe(before + 1));
    expect((await login(email, PASSWORD)).codes).toEqual([]);
    expect(await failedLogins()).toBe(before + 1);
  });

  it('that tries many passwords in many requests has to wait, and is told how long', async () => {
    const email = 'target@example.com';
    await platform.signUp(email, PASSWORD);

    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => login(email, `guess number ${n}`)));

    const tried = answers.filter(({ codes }) => codes[0] === 'INVALID_CREDENTIALS');
    const throttled = answers.filter(({ codes }) => codes[0] === 'RATE_LIMITED');
    expect(tried.length + throttled.length).toBe(30);
    expect(tried.length).toBeLessThanOrEqual(10);
    for (const { status, headers, errors } of throttled) {
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(errors[0]?.extensions.retryAfter).toBe(Number(headers.get('retry-after')));
    }
    expect((await login(email, PASSWORD)).codes).toEqual(['RATE_LIMITED']);
  });

  describe('leaves nothing behind', () => {
    it('in answers: no stack, no SQL, no path, no secret', () => {
      expect(guest.answers.length).toBeGreaterThan(500);
      const telling =
        /node_modules|\/(src|dist)\/|\.(js|ts):\d+|\bat \w+ \(|SELECT .* FROM|INSERT INTO|relation "|violates|postgres(ql)?:\/\/|stacktrace/;
      for (const answer of guest.answers) expect(answer).not.toMatch(telling);
    });

    it('in logs: no password and no token, at the finest level', async () => {
      const { printed } = platform.process;
      expect(printed).toContain('operation completed');
      const shown = printed.replace(`Password               ${ADMIN.password}`, '');
      for (const secret of secrets) expect(shown).not.toContain(secret);
      for (const guess of ['guess number', 'eyJ']) expect(shown).not.toContain(guess);
    });

    it('in logs: no unexpected failure', () => {
      const failures = platform.process.printed.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line));
      expect(failures).toEqual([]);
    });
  });

  const failedLogins = async (): Promise<number> => {
    const { data } = await admin.ask(
      '{ auditEntries(filter: { action: "platform.user.login_failed" }) { totalCount } }',
    );
    return data.auditEntries.totalCount;
  };

  const login = (email: string, password: string) =>
    guest.ask('mutation ($input: LoginInput!) { login(input: $input) { __typename } }', { input: { email, password } });
});
