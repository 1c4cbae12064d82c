import { blog } from '@platform/blog';
import { ExecutedStatements, useSubgraph } from '@platform/testkit';
import { guest, postOf, writer } from './people.js';

const posts = (fields: string) => `{ posts { edges { node { ...Fields } } } } fragment Fields on Post { ${fields} }`;
const byId = (fields: string) => `query ($id: ID!) { post(id: $id) { comments { nodes { post { id } } } ${fields} } }`;
const entities = (fields: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Post { ${fields} } ... on User { posts { nodes { ${fields} } } } } }`;

describe('the content of posts', () => {
  const harness = useSubgraph(blog, { set: ['events.relay=false'] });
  const statements = new ExecutedStatements();
  let id: string;
  let representations: object[];

  beforeAll(async () => {
    const writing = writer(harness);
    ({ id } = await postOf(writing, { content: 'word '.repeat(15_000) }));
    representations = [
      { __typename: 'Post', id },
      { __typename: 'User', id: writing.caller.userId },
    ];
    statements.start();
  });
  afterAll(() => {
    statements.stop();
  });

  async function read(document: string) {
    statements.take();
    const data = await guest(harness).data(document, { id, representations });
    const texts = statements.take().join();
    return { data, whole: /"content" AS/.test(texts), beginning: /left\(/.test(texts) };
  }

  const ways = [
    ['in a list', posts],
    ['by id', byId],
    ['as an entity, and in the list of an author', entities],
  ] as const;

  it.each(ways)('is not read for fields that need none of it, %s', async (_way, document) => {
    expect(await read(document('id title slug tags { name } author { id }'))).toMatchObject({
      whole: false,
      beginning: false,
    });
  });

  it.each(ways)('is read as far as excerpts go, %s', async (_way, document) => {
    const { data, whole } = await read(document('short: excerpt(length: 20) excerpt'));
    expect(whole).toBe(false);
    expect(JSON.stringify(data)).toContain('"short":"word word word word…"');
  });

  it.each(ways)('is read whole where it is asked for, %s', async (_way, document) => {
    const { data } = await read(document('text: content excerpt'));
    expect(JSON.stringify(data)).toContain(`"text":"${'word '.repeat(15_000).trim()}`);
  });
});
