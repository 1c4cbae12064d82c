import { type GraphQLClient, runSetting } from '@platform/testkit';
import fc from 'fast-check';
import { EmbeddedPlatform } from '../../e2e/embedded-platform.js';

const PASSWORD = 'analytical engine 1843';
const OPERATIONS = runSetting('SIDE_BY_SIDE_ROUNDS', 60);
const SEED = runSetting('SIDE_BY_SIDE_SEED', Date.now() % 1_000_000);

/** Something that an administrator does; `among` names one of what they have made before. */
interface Step {
  readonly document: string;
  readonly word: string;
  readonly among: number;
}

/** Words that both organizations use, so that names, slugs and tags meet wherever they are not kept apart. */
const WORDS = ['alpha', 'beta', 'gamma'];

const DOCUMENTS = [
  'mutation ($word: String!) { createPost(input: { title: $word, slug: $word, content: $word, tags: [$word] }) { id slug } }',
  'mutation ($id: ID!) { publishPost(id: $id) { id status version } }',
  'mutation ($id: ID!, $word: String!) { addComment(input: { postId: $id, body: $word }) { id body } }',
  'mutation ($id: ID!) { deletePost(id: $id) }',
  'mutation ($word: String!) { createRole(input: { name: $word, permissions: ["blog.post.moderate"] }) { id name } }',
  'mutation ($word: String!) { inviteMember(input: { email: "word@example.com" }) { id email status } }',
  'query ($word: String!) { posts(filter: { tag: $word }) { nodes { id slug title commentCount: version } totalCount } }',
  'query ($word: String!) { posts(filter: { search: $word }) { nodes { id slug } totalCount } }',
  'query ($word: String!) { postBySlug(slug: $word) { id title status comments { nodes { body } totalCount } } }',
  'query ($word: String!) { roleByName(name: $word) { id name userCount permissions { code } } }',
  '{ tags { name postCount } roles { nodes { name } totalCount } invitations { nodes { email status } totalCount } }',
  '{ posts(filter: { status: DRAFT }) { nodes { id slug } totalCount } me { memberships { status } } myPermissions }',
];

const steps = fc.array(
  fc.record({
    document: fc.constantFrom(...DOCUMENTS),
    word: fc.constantFrom(...WORDS),
    among: fc.nat(20),
  }),
  { minLength: OPERATIONS, maxLength: OPERATIONS },
);

/** Two organizations do at the same time what each would do alone. */
describe('two organizations on one platform', () => {
  const platforms: EmbeddedPlatform[] = [];
  afterAll(() => Promise.all(platforms.map((platform) => platform.stop())));

  async function platform(): Promise<EmbeddedPlatform> {
    const started = await EmbeddedPlatform.start({
      env: { TENANCY_MODE: 'multi', ROUTER_RATE_LIMIT_ENABLED: 'false' },
    });
    platforms.push(started);
    return started;
  }

  async function organization(on: EmbeddedPlatform, name: string): Promise<GraphQLClient> {
    const { client } = await on.signUp(`${name}@example.com`, PASSWORD);
    const { createOrganization } = await client.data(
      'mutation ($name: String!) { createOrganization(input: { name: $name }) { id } }',
      { name },
    );
    const { switchOrganization } = await client.data(
      'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken } }',
      { id: createOrganization.id },
    );
    return on.anonymous.withToken(switchOrganization.accessToken);
  }

  /** What is answered, with ids by the order in which they came up. */
  async function transcript(client: GraphQLClient, what: readonly Step[]): Promise<string[]> {
    const ids: string[] = [];
    const told: string[] = [];
    for (const { document, word, among } of what) {
      const id = ids[among % Math.max(ids.length, 1)] ?? '01900000-0000-7000-8000-0000000000ff';
      const wanted = Object.fromEntries(
        [...document.matchAll(/\$(id|word)\b/g)].map(([, name]) => [name, name === 'id' ? id : word]),
      );
      const { data, errors } = await client.request(document, wanted);
      const answer = JSON.stringify({
        data,
        errors: errors.map(({ message, path, extensions: { requestId: _, retryAfter: __, ...extensions } }) => ({
          message: message.replace(/\d+ s/, 'a while'),
          path,
          extensions,
        })),
      });
      for (const [found] of answer.matchAll(UUID)) if (!ids.includes(found)) ids.push(found);
      told.push(`${document} ${word}: ${answer.replaceAll(UUID, (found) => `#${ids.indexOf(found)}`)}`);
    }
    return told;
  }

  it(`answer each as if the other were not there (seed ${SEED})`, async () => {
    const [first = [], second = []] = fc.sample(steps, { numRuns: 2, seed: SEED });
    const [one, other, both] = [await platform(), await platform(), await platform()];
    const alone = [
      await transcript(await organization(one, 'first'), first),
      await transcript(await organization(other, 'second'), second),
    ];
    const clients = [await organization(both, 'first'), await organization(both, 'second')] as const;
    const together = await Promise.all([transcript(clients[0], first), transcript(clients[1], second)]);
    expect(together).toEqual(alone);
  }, 300_000);
});

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
