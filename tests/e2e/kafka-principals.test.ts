import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { kafkaClient } from '@platform/kafka';
import { describeWhereKafkaRuns, describeWithRedis, eventually, type KafkaBroker } from '@platform/testkit';
import { composeFile } from '../architecture/compose-file.js';
import { envFile } from '../architecture/compose-variables.js';
import { composeBroker } from './compose-broker.js';
import { DistributedPlatform } from './distributed-platform.js';
import { Session } from './session.js';

const PASSWORD = 'a rather long password';
const variables = envFile('.env.development');
const logger = createLogger({ level: 'silent', format: 'json' });

describeWithRedis('on Redis', (redisUrl) => {
  describeWhereKafkaRuns('the platform at the broker of docker-compose.yml', () => {
    let broker: KafkaBroker;
    let platform: DistributedPlatform;

    /** What Compose tells a service of Kafka. */
    const kafkaOf = (service: string): Record<string, string> => {
      const { environment = {} } = composeFile(variables).services[service] ?? {};
      const told = Object.entries(environment).filter(([name]) => name.startsWith('KAFKA_'));
      return told.length === 0 ? {} : { ...Object.fromEntries(told), KAFKA_BROKERS: broker.brokers };
    };
    const readiness = async (service: string) => (await fetch(`${platform.url(service)}/ready`)).json();
    const sendAs = async (env: Record<string, string>, topic: string): Promise<void> => {
      const { kafka } = loadConfig(processSections, { environment: 'test', env });
      const producer = kafkaClient(kafka, 'test', logger).producer({ allowAutoTopicCreation: false });
      try {
        await producer.connect();
        await producer.send({ topic, messages: [{ value: 'no event' }] });
      } finally {
        await producer.disconnect();
      }
    };

    beforeAll(async () => {
      broker = await composeBroker(variables);
      await broker.start();
      const topics = { args: ['events', 'acls', '--apply'], env: kafkaOf('topics') };
      platform = await DistributedPlatform.start(redisUrl, {}, { envOf: kafkaOf, commands: [topics] });
    }, 240_000);
    afterAll(async () => {
      await platform?.stop();
      await broker?.remove();
    });

    it('carries events from each module to those that consume them', async () => {
      const admin = await platform.signInAsAdministrator();
      const client = platform.client('router');
      const author = await Session.signUp(platform.url('router'), client, 'author@example.com', PASSWORD);
      const { createPost } = await author.client.data(
        'mutation { createPost(input: { title: "Signed in", content: "x" }) { id } }',
      );
      await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
      await admin.client.data('mutation ($id: ID!) { deleteUser(id: $id) }', { id: author.userId });

      await eventually(async () => {
        const { post, auditEntries } = await admin.client.data(
          `query ($id: ID!) {
            post(id: $id) { author { id } }
            auditEntries(first: 50, filter: { resourceId: $id }) { nodes { action } }
          }`,
          { id: createPost.id },
        );
        expect(post.author).toBeNull();
        expect(auditEntries.nodes).toHaveLength(2);
      });
    });

    it('lets each module write to its own topic and to no other', async () => {
      await sendAs(kafkaOf('identity'), 'identity.events');
      await expect(sendAs(kafkaOf('blog'), 'identity.events')).rejects.toThrow(/authoriz/i);
      await expect(sendAs(kafkaOf('identity'), 'blog.events')).rejects.toThrow(/authoriz/i);
    });

    it('says at /ready which topics somebody deleted, and has events flow again once they are there, without a restart', async () => {
      const { kafka } = loadConfig(processSections, { environment: 'test', env: kafkaOf('topics') });
      const topics = kafkaClient(kafka, 'test', logger).admin();
      await topics.connect();
      await topics.deleteTopics({ topics: ['blog.events', 'blog.events.dlq'] });
      await topics.disconnect();

      const reason = expect.stringContaining('the topic blog.events is missing');
      for (const service of ['audit', 'blog']) {
        await eventually(async () =>
          expect(await readiness(service)).toMatchObject({
            status: 'degraded',
            checks: { kafka: { status: 'failed', reason } },
          }),
        );
      }

      await platform.commandAs(kafkaOf('topics'), 'events', 'acls', '--apply');

      const admin = await platform.signInAsAdministrator();
      await eventually(async () => {
        const { createPost } = await admin.client.data(
          'mutation { createPost(input: { title: "Flows again", content: "x" }) { id } }',
        );
        await eventually(
          async () => {
            const { auditEntries } = await admin.client.data(
              'query ($id: ID!) { auditEntries(filter: { resourceId: $id }) { totalCount } }',
              { id: createPost.id },
            );
            expect(auditEntries.totalCount).toBe(1);
          },
          { timeout: 20_000 },
        );
      });
      await eventually(async () => expect(await readiness('audit')).toMatchObject({ status: 'ready' }));
    }, 180_000);

    it('lets nobody in without a name, or with the password of another', async () => {
      await expect(sendAs({ KAFKA_BROKERS: broker.brokers }, 'blog.events')).rejects.toThrow();
      const borrowed = { ...kafkaOf('blog'), KAFKA_SASL_USERNAME: 'identity' };
      await expect(sendAs(borrowed, 'identity.events')).rejects.toThrow(/authentication/i);
    });
  });
});
