import { blog } from '@platform/blog';
import { userDeleted } from '@platform/contracts';
import { runSetting, type SubgraphClient, useSubgraph } from '@platform/testkit';
import { COMMENT, COMMENTS, CREATE, POST, PUBLISH, UPDATE } from './operations.js';
import { commentOn, draftOf, guest, moderator, postOf, writer } from './people.js';

/** How often each race is run. */
const ROUNDS = runSetting('RACE_ROUNDS', 15);

describe('an author who is deleted', () => {
  const harness = useSubgraph(blog);
  const deleted = ({ caller: { userId } }: SubgraphClient) =>
    harness.deliver(userDeleted, { subject: userId as string, data: { userId: userId as string } });
  const idsOf = async ({ caller: { userId } }: SubgraphClient) => [
    ...(await harness.sql('SELECT id FROM post WHERE author_id = $1', [userId])),
    ...(await harness.sql('SELECT id FROM comment WHERE author_id = $1', [userId])),
  ];

  it('is in nothing that arrives later', async () => {
    const author = writer(harness);
    const post = await postOf(writer(harness));
    await deleted(author);

    expect((await draftOf(author)).author).toBeNull();
    expect((await commentOn(author, post.id)).author).toBeNull();

    const { post: commented } = await guest(harness).data(COMMENTS, { id: post.id });
    expect(commented.comments.nodes).toEqual([expect.objectContaining({ author: null })]);
    expect(await idsOf(author)).toEqual([]);
  });

  it('is in nothing that is written past the services either', async () => {
    const author = writer(harness);
    const { id } = await postOf(writer(harness));
    await deleted(author);
    await harness.sql('UPDATE post SET author_id = $1 WHERE id = $2', [author.caller.userId, id]);
    expect((await guest(harness).data(POST, { id })).post.author).toBeNull();
  });

  it('is in nothing that they, or others, do at the same time', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [author, other] = [writer(harness), writer(harness)];
      const [own, others] = [await postOf(author), await postOf(other)];
      const answers = await Promise.all([
        author.request(CREATE, { input: { title: 'Last words', content: 'Farewell.' } }),
        author.request(COMMENT, { input: { postId: own.id, body: 'Farewell.' } }),
        deleted(author).then(() => ({ errors: undefined })),
        author.request(COMMENT, { input: { postId: others.id, body: 'Farewell.' } }),
        moderator(harness).request(UPDATE, { id: own.id, input: { slug: `last-words-${round}`, version: 2 } }),
        author.request(CREATE, { input: { title: `Last words ${round}`, content: 'Farewell.' } }),
        other.request(COMMENT, { input: { postId: own.id, body: 'Farewell.' } }),
        other.request(PUBLISH, { id: others.id }),
      ]);
      const codes = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? []);
      expect(codes.filter((code) => code !== 'CONFLICT')).toEqual([]);
      expect(await idsOf(author)).toEqual([]);
      for (const { id } of [own, others]) await guest(harness).data(COMMENTS, { id });
    }
    expect(harness.unexpected).toEqual([]);
  }, 600_000);
});
