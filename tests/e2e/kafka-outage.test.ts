import { canRunKafka, describeWithKafka, describeWithRedis, eventually, KafkaBroker } from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import type { Session } from './session.js';

const AWAY_MS = Number(process.env['KAFKA_OUTAGE_MS'] ?? 15_000);

describeWithRedis('on Redis', (redisUrl) => {
  describeWithKafka('while Kafka is away', () => {
    let broker: KafkaBroker;
    let platform: DistributedPlatform;
    let admin: Session;

    beforeAll(async () => {
      if (!canRunKafka()) throw new Error('This suite starts and stops a broker of its own: install Java 17 and Maven');
      broker = await KafkaBroker.create();
      platform = await DistributedPlatform.start(redisUrl, { KAFKA_BROKERS: broker.brokers });
      admin = await platform.signInAsAdministrator();
    }, 180_000);
    afterAll(async () => {
      await platform?.stop();
      await broker?.remove();
    }, 60_000);

    const createPost = async (title: string): Promise<string> => {
      const { createPost } = await admin.client.data(
        'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id } }',
        { title },
      );
      return createPost.id;
    };

    const entriesFor = async (postId: string): Promise<number> => {
      const { auditEntries } = await admin.client.data(
        'query ($id: ID!) { auditEntries(filter: { action: "blog.post.created", resourceId: $id }) { totalCount } }',
        { id: postId },
      );
      return auditEntries.totalCount;
    };

    const readiness = async () => {
      const response = await fetch(`${platform.url('blog')}/ready`);
      return { code: response.status, ...((await response.json()) as object) };
    };

    const degraded = {
      code: 200,
      status: 'degraded',
      checks: {
        kafka: { status: 'failed', severity: 'soft' },
        'outbox:blog': { status: 'failed', reason: expect.stringMatching(/^\d+ events wait to be published/) },
      },
    };

    it('processes start, changes are made, /ready tells of the lag, and all arrives once the broker is there', async () => {
      const posts = [await createPost('before the broker'), await createPost('also before')];
      await eventually(async () => expect(await readiness()).toMatchObject(degraded), { timeout: 20_000 });

      await broker.start();

      for (const postId of posts) {
        await eventually(async () => expect(await entriesFor(postId)).toBe(1), { timeout: 60_000 });
      }
      await eventually(async () => expect(await readiness()).toMatchObject({ code: 200, status: 'ready' }), {
        timeout: 20_000,
      });
    }, 150_000);

    it(
      `changes go on for ${AWAY_MS / 1_000} s, nothing is lost, and the lag goes away by itself`,
      async () => {
        await broker.end('SIGKILL');
        const posts: string[] = [];
        for (const until = Date.now() + AWAY_MS; Date.now() < until; ) posts.push(await createPost('meanwhile'));
        expect(await readiness()).toMatchObject(degraded);

        await broker.start();

        for (const postId of posts) {
          await eventually(async () => expect(await entriesFor(postId)).toBe(1), { timeout: 60_000 });
        }
        await eventually(async () => expect(await readiness()).toMatchObject({ code: 200, status: 'ready' }));
      },
      AWAY_MS + 180_000,
    );
  });
});
