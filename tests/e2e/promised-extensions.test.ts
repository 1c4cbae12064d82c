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
  ...(['maxAge', 'methods'] as const).map(
    (extension) =>
      [
        'REAUTHENTICATION_REQUIRED',
        extension,
        ({ helper }: Clients) => failure(helper, 'mutation { enrollTotp { secret } }'),
      ] as const,
  ),
  [
    'PERMISSION_NOT_HELD',
    'permissions',
    ({ helper, adminId }) =>
      failure(helper, 'mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id: adminId }),
  ],
  [
    'PLATFORM_PERMISSION',
    'permissions',
    async ({ anonymous, helper }) => {
      const { id } = (await helper.data(createOrganization, { name: 'Own' })).createOrganization;
      const { accessToken } = (await helper.data(switchOrganization, { id })).switchOrganization;
      const createRole =
        'mutation { createRole(input: { name: "deleters", permissions: ["identity.user.delete"] }) { id } }';
      return failure(anonymous.withToken(accessToken), createRole);
    },
  ],
  [
    'ORGANIZATION_SUSPENDED',
    'reason',
    async ({ admin, helper }) => {
      const { id } = (await helper.data(createOrganization, { name: 'Unpaid' })).createOrganization;
      const suspend = 'mutation ($id: ID!) { suspendOrganization(id: $id, reason: "Unpaid") { id } }';
      await admin.data(suspend, { id });
      return failure(helper, switchOrganization, { id });
    },
  ],
  [
    'INVITATION_EMAIL_MISMATCH',
    'email',
    async ({ admin, helper, invite }) => {
      const token = await invite(admin, { email: 'somebody.else@example.com' });
      const accept = 'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { id } }';
      return failure(helper, accept, { token });
    },
  ],
  [
    'LIMIT_REACHED',
    'limit',
    async ({ helper }) => {
      for (let count = 0; count < 50; count += 1) {
        const [error] = (await helper.request(createOrganization, { name: `One of many ${count}` })).errors;
        if (error) return error as Failure;
      }
      throw new Error('Nothing was limited');
    },
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
  /** Invites somebody to the client's organization. The token in the mailed link. */
  readonly invite: (client: GraphQLClient, input: { email: string; roleIds?: string[] }) => Promise<string>;
}

const createOrganization = 'mutation ($name: String!) { createOrganization(input: { name: $name }) { id } }';
const switchOrganization = 'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken } }';
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
      env: { TENANCY_MODE: 'multi' },
      set: [
        'identity.reauthenticateAfter=1ms',
        `router.subgraphErrors.messages=${shown.messages}`,
        `router.subgraphErrors.extensions=${JSON.stringify(shown.extensions)}`,
      ],
    });
    const { client: admin, userId: adminId } = await platform.signInAsAdministrator();
    const invite: Clients['invite'] = async (client, input) => {
      await client.data('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { id } }', { input });
      return platform.mailedToken(input.email, '/invitation');
    };
    const { createRole } = await admin.data(
      'mutation { createRole(input: { name: "helpers", permissions: ["identity.user.update"] }) { id } }',
    );
    const token = await invite(admin, { email: 'helper@example.com', roleIds: [createRole.id] });
    const { registerWithInvitation } = await platform.anonymous.data(
      'mutation ($input: RegisterWithInvitationInput!) { registerWithInvitation(input: $input) { accessToken } }',
      { input: { token, password: 'correct horse battery staple', username: 'taken' } },
    );
    const helper = platform.anonymous.withToken(registerWithInvitation.accessToken);
    clients = { admin, adminId, helper, anonymous: platform.anonymous, invite };
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
