import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, processSections, projectRoot } from '@platform/foundation/config';
import { SUBGRAPH_EXTENSIONS } from '@platform/foundation/errors';
import { routerSections } from '@platform/router';
import type { GraphQLClient } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

/** What docs/api.md promises of the errors of subgraphs, and how to get each: code, extension, and an operation that fails with it. */
const PROMISES: readonly (readonly [string, string, (clients: Clients) => Promise<Failure>])[] = [
  ['BAD_USER_INPUT', 'fields', ({ admin }) => failure(admin, createPost, { input: { title: '', content: 'x' } })],
  [
    'CONFLICT',
    'currentVersion',
    async ({ admin }) => {
      const post = (await admin.data(createPost, { input: { title: 'One', content: 'x' } })).createPost;
      const update = 'mutation ($id: ID!, $input: UpdatePostInput!) { updatePost(id: $id, input: $input) { id } }';
      return failure(admin, update, { id: post.id, input: { title: 'Two', version: post.version + 7 } });
    },
  ],
  [
    'CONFLICT',
    'field',
    async ({ admin }) => {
      const input = { title: 'Same', content: 'x', slug: 'the-same' };
      await admin.data(createPost, { input });
      return failure(admin, createPost, { input });
    },
  ],
  [
    'CONFLICT',
    'field',
    ({ admin }) =>
      failure(admin, 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }', {
        input: { username: 'taken' },
      }),
  ],
  [
    'UNKNOWN_PERMISSION',
    'permissions',
    ({ admin }) =>
      failure(admin, 'mutation { createRole(input: { name: "some-role", permissions: ["a.b.c"] }) { id } }'),
  ],
  [
    'PERMISSION_NOT_HELD',
    'permissions',
    ({ helper, adminId }) =>
      failure(helper, 'mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id: adminId }),
  ],
  [
    'RATE_LIMITED',
    'retryAfter',
    async ({ anonymous }) => {
      const attempt = () =>
        anonymous.request('mutation ($input: LoginInput!) { login(input: $input) { __typename } }', {
          input: { email: 'throttled@example.com', password: 'wrong wrong wrong' },
        });
      for (let count = 0; count < 50; count += 1) {
        const [error] = (await attempt()).errors;
        if (error?.extensions?.['code'] === 'RATE_LIMITED') return error as Failure;
      }
      throw new Error('Nothing was throttled');
    },
  ],
];

interface Failure {
  readonly extensions: Record<string, unknown>;
}

interface Clients {
  readonly admin: GraphQLClient;
  readonly adminId: string;
  /** Holds identity.user.update, and nothing of an administrator's besides. */
  readonly helper: GraphQLClient;
  readonly anonymous: GraphQLClient;
}

const createPost = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { id version } }';

async function failure(client: GraphQLClient, query: string, variables?: Record<string, unknown>): Promise<Failure> {
  const { errors, data } = await client.request(query, variables);
  if (!errors[0]) throw new Error(`Expected an error, got ${JSON.stringify(data)}`);
  return errors[0] as Failure;
}

/** The rows of the tables of error codes whose errors are those of subgraphs. */
const documented = (): Set<string> => {
  const text = readFileSync(join(projectRoot(), 'docs', 'api.md'), 'utf8');
  const sections = /### Accounts \(identity\)[\s\S]*?(?=### The platform)/.exec(text)?.[0] ?? '';
  const rows = sections.split('\n').filter((line) => line.startsWith('| `'));
  return new Set(
    rows.flatMap((row) => {
      const codes = [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);
      const names = [...row.matchAll(/`extensions\.(\w+)`/g)].map(([, name]) => name);
      return codes.flatMap((code) => names.map((name) => `${code} ${name}`));
    }),
  );
};

describe('what docs/api.md promises of errors', () => {
  let platform: EmbeddedPlatform;
  let clients: Clients;

  beforeAll(async () => {
    // Development shows everything; what counts is what production shows.
    const shown = loadConfig({ ...processSections, ...routerSections }, { environment: 'test' }).router.subgraphErrors;
    platform = await EmbeddedPlatform.start({
      set: [
        `router.subgraphErrors.messages=${shown.messages}`,
        `router.subgraphErrors.extensions=${JSON.stringify(shown.extensions)}`,
      ],
    });
    const { client: admin, userId: adminId } = await platform.signInAsAdministrator();
    const signUp = async (email: string, username: string) => {
      const password = 'correct horse battery staple';
      await platform.anonymous.data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
        input: { email, password, username },
      });
      await platform.anonymous.data('mutation ($token: String!) { verifyEmail(token: $token) }', {
        token: await platform.mailedToken(email, '/verify-email'),
      });
      return platform.signIn(email, password);
    };
    const helper = await signUp('helper@example.com', 'taken');
    const { createRole } = await admin.data(
      'mutation { createRole(input: { name: "helpers", permissions: ["identity.user.update"] }) { id } }',
    );
    await admin.data(
      'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }',
      {
        userId: helper.userId,
        roleIds: [createRole.id],
      },
    );
    clients = { admin, adminId, helper: helper.client, anonymous: platform.anonymous };
  });
  afterAll(() => platform?.stop());

  it.each(PROMISES)(
    '%s comes with %s through the router, as configured for production',
    async (code, extension, fail) => {
      const { extensions } = await fail(clients);
      expect(extensions).toMatchObject({ code, [extension]: expect.anything() });
    },
  );

  it('is tried here, every row of it', () => {
    const tried = new Set(PROMISES.map(([code, extension]) => `${code} ${extension}`));
    expect([...documented()].filter((promise) => !tried.has(promise))).toEqual([]);
    expect(documented().size).toBeGreaterThanOrEqual(5);
  });

  it('is all that errors of subgraphs can be made with', () => {
    const { extensions } = loadConfig({ ...processSections, ...routerSections }, { environment: 'test' }).router
      .subgraphErrors;
    expect(extensions.toSorted()).toEqual([...SUBGRAPH_EXTENSIONS].toSorted());
  });
});
