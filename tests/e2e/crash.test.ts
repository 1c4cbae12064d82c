import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

describe('kill -9 of the embedded platform', () => {
  let platform: EmbeddedPlatform;

  afterEach(() => platform?.stop());

  const createPost = async ({ client }: Session): Promise<string> => {
    const { createPost } = await client.data(
      'mutation { createPost(input: { title: "Durable", content: "Kept" }) { id } }',
    );
    return createPost.id;
  };

  const createdEntries = async (postId: string): Promise<number> => {
    const { client } = await platform.signInAsAdministrator();
    const { auditEntries } = await client.data(
      'query ($id: ID!) { auditEntries(filter: { action: "blog.post.created", resourceId: $id }) { totalCount } }',
      { id: postId },
    );
    return auditEntries.totalCount;
  };

  it('between a committed mutation and its event: the audit entry appears once, after the restart', async () => {
    platform = await EmbeddedPlatform.start({ set: ['events.relay=false'] });
    const postId = await createPost(await platform.signInAsAdministrator());
    expect(await createdEntries(postId)).toBe(0);

    platform = await platform.crashAndRestart();

    await eventually(async () => expect(await createdEntries(postId)).toBe(1));
  });

  it('right after a mutation answered, again and again: each has its one audit entry', async () => {
    platform = await EmbeddedPlatform.start();
    const posts: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      posts.push(await createPost(await platform.signInAsAdministrator()));
      platform = await platform.crashAndRestart();
    }

    for (const postId of posts) await eventually(async () => expect(await createdEntries(postId)).toBe(1));
  });
});
