import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeWhereKafkaRuns,
  describeWithRedis,
  eventually,
  type KafkaBroker,
  MailServer,
  streamClients,
  TestAuthority,
} from '@platform/testkit';
import { Redis } from 'ioredis';
import { productionVariables } from '../architecture/compose-variables.js';
import { composeBroker } from '../e2e/compose-broker.js';
import { Session } from '../e2e/session.js';
import { ProductionPlatform } from './production-platform.js';
import { alertExpression, firing, samplesOf } from './scraped.js';

const ADA = { email: 'ada@example.com', password: 'a lovely engine of brass' };
const variables: Record<string, string> = { ...productionVariables(), MAIL_SMTP_USER: '', MAIL_SMTP_PASSWORD: '' };

describeWithRedis('on Redis', (redisUrl) => {
  describeWhereKafkaRuns('a day of operating the platform in production', () => {
    const mail = new MailServer();
    let authority: TestAuthority;
    let broker: KafkaBroker;
    let platform: ProductionPlatform;
    let folder: string;
    let archive: string;

    const prepare = () =>
      ProductionPlatform.prepare({ variables, redisUrl, brokers: broker.brokers, mailPort: mail.port, authority });
    const signInAsAdministrator = () =>
      Session.signIn(platform.client(), variables.SEED_ADMIN_EMAIL as string, variables.SEED_ADMIN_PASSWORD as string);
    const publishedPosts = async (): Promise<unknown[]> => {
      const { client } = await signInAsAdministrator();
      return (await client.data('{ posts(first: 50) { nodes { id title content author { id } } } }')).posts.nodes;
    };
    const entriesIn = (verified: string): number => Number(/^(\d+) entries/m.exec(verified)?.[1]);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'platform-day-'));
      archive = join(folder, 'platform.tar.gz');
      authority = new TestAuthority();
      await mail.start();
      broker = await composeBroker(variables);
      await broker.start();
      platform = await prepare();
      await platform.run('migrate');
      await platform.run('topics');
      await platform.run('seed');
      await platform.startAll();
    }, 300_000);
    afterAll(async () => {
      await platform?.remove();
      await broker?.remove();
      await mail.stop();
      authority.remove();
      await rm(folder, { recursive: true, force: true });
    });

    it('begins with people who register by mail, get a role, and write posts, at a blog behind TLS', async () => {
      await platform.client().data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
        input: { ...ADA, firstName: 'Ada', lastName: 'Lovelace' },
      });
      const { message } = await mail.mailTo(ADA.email);
      const [link = ''] = /https:\S+\/verify-email\?token=[\w-]+/.exec(message.text ?? '') ?? [];
      expect(new URL(link).origin).toBe(variables.APP_PUBLIC_URL);
      const token = new URL(link).searchParams.get('token');
      await platform.client('router-2').data('mutation ($token: String!) { verifyEmail(token: $token) }', { token });

      const admin = await signInAsAdministrator();
      const ada = await Session.signIn(platform.client(), ADA.email, ADA.password);
      const { createRole } = await admin.client.data(
        'mutation { createRole(input: { name: "editor", permissions: ["blog.post.moderate"] }) { id } }',
      );
      await admin.client.data(
        'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }',
        { userId: ada.userId, roleIds: [createRole.id] },
      );
      const { createPost } = await ada.client.data(
        'mutation { createPost(input: { title: "Day", content: "x" }) { id } }',
      );
      await eventually(async () => {
        const { auditEntries } = await admin.client.data(
          'query ($id: ID!) { auditEntries(filter: { resourceId: $id }) { nodes { action } } }',
          { id: createPost.id },
        );
        expect(auditEntries.nodes).toEqual([{ action: 'blog.post.created' }]);
      });
    });

    it('tells subscribers at each router of what is published, by TLS from the blog', async () => {
      const ada = await Session.signIn(platform.client(), ADA.email, ADA.password);
      const admin = await signInAsAdministrator();
      const streams = ['router', 'router-2'].map((router) =>
        streamClients['graphql-ws']({
          url: `${platform.url(router)}/graphql`,
          query: 'subscription { postPublished { title author { displayName } } }',
          token: ada.accessToken,
        }),
      );
      await eventually(async () => {
        const { createPost } = await ada.client.data(
          'mutation { createPost(input: { title: "Live", content: "x" }) { id } }',
        );
        const publish = 'mutation ($id: ID!) { publishPost(id: $id) { id } }';
        const { publishPost } = await admin.client.data(publish, { id: createPost.id });
        expect(publishPost).toEqual({ id: createPost.id });
        for (const { results } of streams)
          expect(results).toContainEqual({
            data: { postPublished: { title: 'Live', author: { displayName: 'Ada Lovelace' } } },
          });
      });
      expect(platform.socketsByTls).toBe(2);
      for (const stream of streams) stream.stop();
    });

    it('goes on after every process was asked to read its configuration again', async () => {
      for (const process of platform.processes.values()) process.signal('SIGHUP');
      for (const [name, process] of platform.processes) {
        await process.prints(/configuration reloaded/);
        expect({ name, status: (await fetch(`${platform.url(name)}/healthz`)).status }).toEqual({ name, status: 200 });
      }
    });

    it('sounds an alarm while a subgraph is away, by what is scraped alone', async () => {
      const failing = async (): Promise<string[]> => {
        const text = await (await fetch(`${platform.url('router')}/metrics`)).text();
        return firing(alertExpression('HealthCheckFailing'), samplesOf(text)).map(({ check }) => check as string);
      };
      await eventually(async () => expect(await failing()).toEqual([]));
      await platform.processes.get('audit')?.end();
      await eventually(async () => expect(await failing()).toEqual([expect.stringContaining('audit')]));
      await platform.start('audit');
      await eventually(async () => expect(await failing()).toEqual([]));
    });

    it('ends with a backup, from which everything comes back on an empty server', async () => {
      const before = entriesIn(await platform.run('operator', 'audit', 'verify'));
      const posts = await publishedPosts();
      expect(posts).not.toEqual([]);
      expect(await platform.run('operator', 'backup', archive)).toContain('holds');
      await platform.remove();
      const redis = new Redis(redisUrl);
      await redis.flushdb();
      await redis.quit();

      platform = await prepare();
      expect(await platform.run('operator', 'restore', archive)).toContain('is restored');
      const verified = await platform.run('operator', 'audit', 'verify');
      expect(verified).toContain('The log is whole.');
      expect(entriesIn(verified)).toBeGreaterThan(before);

      await platform.startAll();
      const { client } = await Session.signIn(platform.client('router-2'), ADA.email, ADA.password);
      const { me, myPermissions } = await client.data('{ me { roles { name } } myPermissions }');
      expect(me.roles.map(({ name }: { name: string }) => name).toSorted()).toEqual(['editor', 'user']);
      expect(myPermissions).toContain('blog.post.moderate');
      expect(await publishedPosts()).toEqual(posts);
      expect(await platform.run('operator', 'audit', 'verify')).toContain('The log is whole.');
    });
  });
});
