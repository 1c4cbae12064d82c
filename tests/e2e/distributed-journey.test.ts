import {
  describeWithKafka,
  describeWithRedis,
  eventually,
  type GraphQLClient,
  MailServer,
  streamClients,
  type TestKafka,
} from '@platform/testkit';
import { PNG, sendCoverImage } from './cover-image.js';
import { DistributedPlatform } from './distributed-platform.js';
import { Session } from './session.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'analytical engine 1843';

describeWithRedis('on Redis', (redisUrl) => {
  describeWithKafka('the main journey on separate processes, with events by Kafka and mail by SMTP', (kafka) =>
    journey(redisUrl, kafka),
  );
});

function journey(redisUrl: string, kafka: TestKafka): void {
  const mail = new MailServer();
  let platform: DistributedPlatform;
  let admin: Session;

  beforeAll(async () => {
    await mail.start();
    platform = await DistributedPlatform.start(redisUrl, {
      MAIL_TRANSPORT: 'smtp',
      MAIL_SMTP_HOST: '127.0.0.1',
      MAIL_SMTP_PORT: String(mail.port),
      MAIL_SMTP_TLS: 'none',
      MAIL_RETRY_DELAY: '200ms',
      IDENTITY_KEY_ROTATION_PRE_PUBLISH: '0s',
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    });
    admin = await platform.signInAsAdministrator();
  }, 300_000);
  afterAll(async () => {
    await platform?.stop();
    await mail.stop();
  });

  const first = (): GraphQLClient => platform.client('router');
  const second = (): GraphQLClient => platform.client('second router');
  const ready = async (name: string) => (await fetch(`${platform.url(name)}/ready`)).json();

  it('goes from registration through a mailed link to a read post, a live event, a revocation and the audit log', async () => {
    const author = await registered(EMAIL);

    const stream = streamClients['graphql-ws']({
      url: `${platform.url('second router')}/graphql`,
      query: 'subscription { postPublished { title author { displayName } } }',
      token: admin.accessToken,
    });
    const postId = await eventually(async () => {
      const { createPost } = await author.client.data(
        'mutation { createPost(input: { title: "Apart", content: "Together", tags: ["news"] }) { id } }',
      );
      await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
      expect(stream.results).toContainEqual({
        data: { postPublished: { title: 'Apart', author: { displayName: 'Ada Lovelace' } } },
      });
      return createPost.id as string;
    });

    const read = 'query ($id: ID!) { post(id: $id) { title author { displayName } tags { name } } }';
    expect(await second().data(read, { id: postId })).toEqual({
      post: { title: 'Apart', author: { displayName: 'Ada Lovelace' }, tags: [{ name: 'news' }] },
    });

    const onSecond = second().withToken(author.accessToken);
    await onSecond.data('{ me { id } }');
    await admin.client.data('mutation ($id: ID!) { revokeUserSessions(userId: $id) }', { id: author.userId });
    for (const client of [onSecond, author.client]) {
      expect(await client.request('{ me { id } }')).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
    await auditShows(author.userId, postId);
  });

  it('takes a cover image at one router and gives it at the other', async () => {
    const { createPost } = await admin.client.data(
      'mutation { createPost(input: { title: "Seen", content: "x" }) { id } }',
    );
    const path = await sendCoverImage(admin.client, createPost.id, platform.url('router'));

    const response = await fetch(`${platform.url('second router')}${path}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true);
    expect((await fetch(`${platform.url('second router')}${path}0`)).status).toBe(404);
  });

  it('keeps mails while the mail server is away, and sends them once it is back', async () => {
    await mail.stop();
    const input = { email: 'grace@example.com', password: PASSWORD };
    await first().data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', { input });
    await platform.process('identity').prints(/mail delivery failed/);
    expect(await ready('identity')).toMatchObject({ status: 'degraded', checks: { mail: { status: 'failed' } } });

    await platform.process('identity').end('SIGKILL');
    await platform.run('identity');
    await mail.start();
    const { message } = await mail.mailTo(input.email);
    expect(message.text).toContain('/verify-email?token=');
    expect(await ready('identity')).toMatchObject({ checks: { mail: { status: 'ok' } } });
  });

  it('rotates the signing keys beside running routers, and refuses every token of a revoked one at once', async () => {
    const keyIds = async (name: string) => {
      const response = await fetch(`${platform.url(name)}/.well-known/jwks.json`);
      const { keys } = (await response.json()) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    };
    const before = await platform.signInAsAdministrator();
    const [old = ''] = await keyIds('router');
    expect(await platform.command('keys', 'rotate')).toMatch(/The key \S+ is published/);
    const after = await platform.signInAsAdministrator();
    for (const name of ['router', 'second router'])
      expect(await keyIds(name)).toEqual([expect.not.stringMatching(old), old]);
    for (const session of [before, after]) await second().withToken(session.accessToken).data('{ me { id } }');

    expect(await platform.command('keys', 'rotate', '--revoke')).toContain('Every key was revoked');
    for (const session of [before, after]) {
      for (const router of [first(), second()]) {
        expect(await router.withToken(session.accessToken).request('{ me { id } }')).toMatchObject({ status: 401 });
      }
    }
    admin = await platform.signInAsAdministrator();
    await second().withToken(admin.accessToken).data('{ me { id } }');
    expect(await platform.command('keys', 'list')).toMatch(/^\S+ {2}ES256 {2}SIGNING .*\n\S+ {2}ES256 {2}RETIRED/m);
  });

  /** Registers, follows the link in the mail, and signs in. */
  async function registered(email: string): Promise<Session> {
    await first().data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
      input: { email, password: PASSWORD, firstName: 'Ada', lastName: 'Lovelace' },
    });
    const { message, recipients } = await mail.mailTo(email);
    expect(recipients).toEqual([email]);
    const [token] = /(?<=\/verify-email\?token=)\S+/.exec(message.text ?? '') ?? [];
    await second().data('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
    return Session.signIn(first(), email, PASSWORD);
  }

  async function auditShows(userId: string, postId: string): Promise<void> {
    await eventually(async () => {
      const { auditEntries } = await admin.client.data('{ auditEntries(first: 100) { nodes { action resourceId } } }');
      for (const [action, resourceId] of [
        ['platform.user.registered', userId],
        ['platform.user.email_verified', userId],
        ['platform.user.logged_in', userId],
        ['blog.post.created', postId],
        ['blog.post.published', postId],
      ]) {
        const entry = { action, resourceId };
        expect(
          auditEntries.nodes.filter((node: typeof entry) => node.action === action && node.resourceId === resourceId),
        ).toEqual([entry]);
      }
      expect(auditEntries.nodes).toContainEqual(expect.objectContaining({ action: 'platform.session.revoked' }));
    });
  }
}
