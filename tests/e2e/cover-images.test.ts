import { PNG, sendCoverImage } from './cover-image.js';
import { EmbeddedPlatform } from './embedded-platform.js';

describe('a cover image, in the embedded platform', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('is sent and fetched at the one port that there is, outlives a crash, and is audited', async () => {
    const { client } = await platform.signInAsAdministrator();
    const { createPost } = await client.data('mutation { createPost(input: { title: "Seen", content: "x" }) { id } }');
    const path = await sendCoverImage(client, createPost.id, platform.url);

    platform = await platform.crashAndRestart();

    const response = await fetch(`${platform.url}${path}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true);
    const again = await platform.signInAsAdministrator();
    const { auditEntries } = await again.client.data(
      'query ($id: ID!) { auditEntries(filter: { resourceId: $id }) { nodes { action } } }',
      { id: createPost.id },
    );
    const actions = auditEntries.nodes.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['blog.post.cover_requested', 'blog.post.updated']));
  });
});
