import { describeWhereKafkaRuns, describeWithRedis, eventually, KafkaBroker, runSetting } from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import type { Session } from './session.js';

const AWAY_MS = runSetting('OUTAGE_SECONDS', 15) * 1_000;

describeWithRedis('on Redis', (redisUrl) => {
  describeWhereKafkaRuns('while Kafka is away', () => {
    let broker: KafkaBroker;
    let platform: DistributedPlatform;
    let admin: Session;
    const posts = new Set<string>();

    beforeAll(async () => {
      broker = await KafkaBroker.create();
      platform = await DistributedPlatform.start(redisUrl, {
        ROUTER_SUBGRAPH_TIMEOUT: '1s',
        KAFKA_BROKERS: broker.brokers,
      });
      admin = await platform.signInAsAdministrator();
    });
    afterAll(async () => {
      await platform?.stop();
      await broker?.remove();
    });

    const createPost = async (title: string): Promise<string> => {
      const { createPost } = await admin.client.data(
        'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id } }',
        { title },
      );
      return createPost.id;
    };

    const recordedPosts = async (): Promise<number> => {
      const { auditEntries } = await admin.client.data(
        '{ auditEntries(filter: { action: "blog.post.created" }) { totalCount } }',
      );
      return auditEntries.totalCount;
    };

    const allAreRecorded = () =>
      eventually(async () => expect(await recordedPosts()).toBe(posts.size), { timeout: 120_000, interval: 200 });

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
      for (const title of ['before the broker', 'also before']) posts.add(await createPost(title));
      await eventually(async () => expect(await readiness()).toMatchObject(degraded));

      await broker.start();

      await allAreRecorded();
      await eventually(async () => expect(await readiness()).toMatchObject({ code: 200, status: 'ready' }));
    });

    it(
      `changes go on for ${AWAY_MS / 1_000} s, nothing is lost, and the lag goes away by itself`,
      async () => {
        await broker.end('SIGKILL');
        for (const until = Date.now() + AWAY_MS; Date.now() < until; ) posts.add(await createPost('meanwhile'));
        expect(await readiness()).toMatchObject(degraded);

        await broker.start();

        await allAreRecorded();
        await eventually(async () => expect(await readiness()).toMatchObject({ code: 200, status: 'ready' }));
      },
      AWAY_MS + 180_000,
    );
  });
});
