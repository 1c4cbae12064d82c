import { join } from 'node:path';
import { eventually, PlatformProcess } from '@platform/testkit';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery } from 'graphql';
import { EmbeddedPlatform } from '../../e2e/embedded-platform.js';
import { RecordingClient } from '../recording-client.js';
import { HOSTILE } from './hostile-values.js';
import { type Leaf, leavesOf } from './leaves.js';

const AT_ONCE = 8;
const FAILURES = /^(INTERNAL|SUBGRAPH_(?!NOT_FOUND)|SUBREQUEST|QUERY_PLANNING|RESPONSE)/;
/** How long (ms) an accepted stream is listened to: it has said by then that it was refused. */
const STREAM = 100;

/** Guesses are not slowed down here: every value must get where it does its harm. */
const SETTINGS = [
  ...['perAccount', 'perIp', 'global'].map((gate) => `identity.loginThrottle.${gate}.freeAttempts=1000000`),
];

describe('every argument of every field', () => {
  let platform: EmbeddedPlatform;
  let schema: GraphQLSchema;
  const clients: Record<string, RecordingClient> = {};
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({ set: SETTINGS });
    const { client, accessToken } = await platform.signInAsAdministrator();
    clients['anonymous'] = RecordingClient.of(platform.url);
    clients['administrator'] = clients['anonymous'].with({ authorization: `Bearer ${accessToken}` });
    schema = buildClientSchema(await client.data(getIntrospectionQuery()));
    const { createPost: post } = await client.data(
      'mutation { createPost(input: { title: "x", content: "y" }) { id } }',
    );
    await client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: post.id });
    const { createUser: user } = await client.data(
      'mutation { createUser(input: { email: "victim@example.com" }) { id } }',
    );
    const { createRole: role } = await client.data('mutation { createRole(input: { name: "walked" }) { id } }');
    await eventually(() =>
      client.data('mutation ($u: ID!, $r: [ID!]!) { assignRoles(userId: $u, roleIds: $r) { id } }', {
        u: user.id,
        r: [role.id],
      }),
    );
    Object.assign(ids, { post: post.id, user: user.id, role: role.id });
  });
  afterAll(() => platform?.stop());

  const plain = (scalar: string, field: string, name: string): unknown => {
    switch (scalar) {
      case 'ID':
        return ids[(/post|user|role/i.exec(name === 'id' ? field : name)?.[0] ?? 'post').toLowerCase()];
      case 'Int':
        return 1;
      case 'Boolean':
        return true;
      case 'DateTime':
        return '2026-01-01T00:00:00Z';
      case 'JSON':
        return {};
      default:
        return (
          {
            permission: 'blog.post.read',
            email: 'walk@example.com',
            password: 'a rather long password',
            contentType: 'image/png',
          }[name] ?? 'walked'
        );
    }
  };

  const streamed = async (caller: RecordingClient, leaf: Leaf, value: unknown) => {
    const { status, text } = await caller.stream(leaf.document, leaf.variables(value), STREAM);
    return { status, codes: [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code) };
  };

  it.each(['administrator', 'anonymous'])(
    'answers hostile values of an %s, or refuses them, and never fails',
    async (name) => {
      const caller = clients[name] as RecordingClient;
      const places = leavesOf(schema, plain);
      const cases = places.flatMap((leaf) => (HOSTILE[leaf.scalar] ?? []).map((value) => ({ leaf, value })));
      for (const { leaf } of cases.filter(({ leaf }) => leaf.inList))
        cases.push({ leaf: { ...leaf, variables: () => many(leaf) }, value: 'many' });
      expect(places.filter(({ scalar }) => !HOSTILE[scalar]).map(({ scalar }) => scalar)).toEqual([]);
      expect(cases.length).toBeGreaterThan(1_000);

      const failures: string[] = [];
      const next = cases.values();
      const work = async (): Promise<void> => {
        for (const { leaf, value } of next) {
          const { status, codes } =
            leaf.kind === 'subscription'
              ? await streamed(caller, leaf, value)
              : await caller.ask(leaf.document, leaf.variables(value));
          const failed = status >= 500 || codes.some((code) => typeof code !== 'string' || FAILURES.test(code));
          if (failed) failures.push(`${leaf.name} = ${JSON.stringify(value)?.slice(0, 60)}: ${status} ${codes}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(failures).toEqual([]);
    },
    300_000,
  );

  it('leaves an audit log that is whole, online and exported', async () => {
    const env = { PLATFORM_DATA_DIR: platform.directory };
    const file = join(platform.directory, 'walked.jsonl');
    const run = (...args: string[]) => PlatformProcess.run(['audit', ...args], env);
    expect(await run('verify')).toMatchObject({ code: 0, printed: expect.stringContaining('The log is whole') });
    expect(await run('export', '--output', file)).toMatchObject({ code: 0 });
    const { printed: key } = await run('key');
    expect(await run('verify', '--export', file, '--public-key', key.trim())).toMatchObject({
      code: 0,
      printed: expect.stringContaining('The log is whole'),
    });
  }, 120_000);
});

/** The list with its first item 1,001 times. */
const many = (leaf: Leaf): Record<string, unknown> =>
  JSON.parse(JSON.stringify(leaf.variables('a')).replace('["a"]', `[${Array(1_001).fill('"a"').join(',')}]`));
