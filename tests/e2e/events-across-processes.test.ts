import { describeWithKafka, describeWithRedis, eventually } from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import { Session } from './session.js';

const PASSWORD = 'a rather long password';

describeWithRedis('on Redis', (redisUrl) => {
  describeWithKafka('events between the processes of the platform', (kafka) => {
    let platform: DistributedPlatform;
    let admin: Session;

    beforeAll(async () => {
      platform = await DistributedPlatform.start(redisUrl, {
        KAFKA_BROKERS: kafka.brokers,
        KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
      });
      admin = await platform.signInAsAdministrator();
    });
    afterAll(() => platform?.stop());

    const signUp = (email: string): Promise<Session> =>
      Session.signUp(platform.url('router'), platform.client('router'), email, PASSWORD);

    const createPost = async ({ client }: Session, title: string): Promise<string> => {
      const { createPost } = await client.data(
        'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id } }',
        { title },
      );
      return createPost.id;
    };

    const actionsOn = async (resourceId: string): Promise<string[]> => {
      const { auditEntries } = await admin.client.data(
        'query ($id: ID!) { auditEntries(first: 50, filter: { resourceId: $id }) { nodes { action } } }',
        { id: resourceId },
      );
      return auditEntries.nodes.map(({ action }: { action: string }) => action).sort();
    };

    it('fill the audit log, each once', async () => {
      const author = await signUp('author@example.com');
      const postId = await createPost(author, 'Audited');
      await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: postId });

      await eventually(async () =>
        expect(await actionsOn(author.userId)).toEqual([
          'platform.user.email_verified',
          'platform.user.logged_in',
          'platform.user.registered',
          'platform.user.verification_requested',
        ]),
      );
      await eventually(async () =>
        expect(await actionsOn(postId)).toEqual(['blog.post.created', 'blog.post.published']),
      );
    });

    it('take a deleted user’s name off their posts', async () => {
      const author = await signUp('gone@example.com');
      const postId = await createPost(author, 'Stays');
      await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: postId });

      await admin.client.data('mutation ($id: ID!) { deleteUser(id: $id) }', { id: author.userId });

      await eventually(async () => {
        const { post } = await admin.client.data('query ($id: ID!) { post(id: $id) { title author { id } } }', {
          id: postId,
        });
        expect(post).toEqual({ title: 'Stays', author: null });
      });
    });

    it('wait for a process that was killed, and have their effect once', async () => {
      const author = await signUp('patient@example.com');
      await platform.process('audit').end('SIGKILL');
      const posts = [];
      for (const title of ['one', 'two', 'three']) posts.push(await createPost(author, title));

      await platform.run('audit');

      for (const postId of posts) {
        await eventually(async () => expect(await actionsOn(postId)).toEqual(['blog.post.created']));
      }
    });

    it('show in the metrics of those who send and those who receive', async () => {
      const metrics = async (name: 'blog' | 'audit'): Promise<string> =>
        (await fetch(`${platform.url(name)}/metrics`)).text();

      await eventually(async () => {
        expect(await metrics('blog')).toMatch(/platform_events_published_total\{type="blog.post.created"\} [1-9]/);
        expect(await metrics('audit')).toMatch(/platform_events_consumed_total\{type="blog.post.created"\} [1-9]/);
        expect(await metrics('audit')).toMatch(
          /platform_consumer_group_lag_messages\{group=".*audit",topic=".*blog.events"\} 0/,
        );
      });
    });
  });
});
