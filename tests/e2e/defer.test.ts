import { EmbeddedPlatform } from './embedded-platform.js';

const QUERY = `query ($tag: String) {
  posts(first: 2, filter: { tag: $tag }) { nodes { title ... @defer(label: "author") { author { displayName } } } }
}`;

describe('a list with a deferred author on the embedded platform', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('comes first without the author from identity, then with', async () => {
    const author = await platform.signUp('author@example.com', 'a rather long password');
    const { createPost } = await author.client.data(
      'mutation { createPost(input: { title: "Deferred", content: "x", tags: ["later"] }) { id } }',
    );
    await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });

    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'multipart/mixed; deferSpec=20220824, application/json',
        authorization: `Bearer ${author.accessToken}`,
      },
      body: JSON.stringify({ query: QUERY, variables: { tag: 'later' } }),
    });
    expect(response.headers.get('content-type')).toContain('deferSpec=20220824');
    const parts = (await response.text()).split('\r\n---').flatMap((part) => part.split('\r\n\r\n')[1] ?? []);
    expect(parts.map((part) => JSON.parse(part))).toEqual([
      { data: { posts: { nodes: [{ title: 'Deferred' }] } }, hasNext: true },
      {
        incremental: [
          { data: { author: { displayName: 'Ada Lovelace' } }, path: ['posts', 'nodes', 0], label: 'author' },
        ],
        hasNext: false,
      },
    ]);
  });
});
