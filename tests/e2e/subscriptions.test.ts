import { eventually, type ReceivedStream, streamClientNames, streamClients } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const PASSWORD = 'a rather long password';
const PUBLISHED = 'subscription { postPublished(tag: "live") { id title author { displayName } } }';
const COMMENTED = 'subscription ($postId: ID!) { commentAdded(postId: $postId) { body author { displayName } } }';
const RECORDED = `subscription { auditEntryRecorded(filter: { action: "blog." }) { action actor { displayName } } }`;

describe('live events on the embedded platform', () => {
  let platform: EmbeddedPlatform;
  let author: Session;
  let admin: Session;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
    admin = await platform.signInAsAdministrator();
    author = await platform.signUp('author@example.com', PASSWORD);
  });
  afterAll(() => platform?.stop());

  const url = () => `${platform.url}/graphql`;

  async function publish(title: string): Promise<string> {
    const { createPost } = await author.client.data(
      'mutation ($title: String!) { createPost(input: { title: $title, content: "x", tags: ["live"] }) { id } }',
      { title },
    );
    await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
    return createPost.id;
  }

  /** Resolves once the router serves so many streams. */
  const streaming = (count: number) =>
    eventually(async () => {
      const metrics = await (await fetch(`${platform.url}/metrics`)).text();
      expect(metrics).toContain(`router_client_subscriptions ${count}`);
    });

  it.each(streamClientNames)(
    'reach %s with the author from identity, until the session is revoked',
    async (name) => {
      const reader = await platform.signUp(`${name.replaceAll(/\W/g, '')}@example.com`, PASSWORD);
      const stream = streamClients[name]({ url: url(), query: PUBLISHED, token: reader.accessToken });
      await streaming(1);

      const id = await publish(`For ${name}`);
      expect(await stream.result(0)).toMatchObject({
        data: { postPublished: { id, title: `For ${name}`, author: { displayName: 'Ada Lovelace' } } },
      });

      await platform.anonymous.data('mutation ($token: String!) { logout(refreshToken: $token) }', {
        token: reader.refreshToken,
      });
      expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
      await streaming(0);
      stream.stop();
    },
    60_000,
  );

  it('tell of comments and of audit entries to who may see them, until their user is locked', async () => {
    const reader = await platform.signUp('reader@example.com', PASSWORD);
    const postId = await publish('Commented');
    const open = (query: string, session: Session, variables = {}): ReceivedStream =>
      streamClients['graphql-ws']({ url: url(), query, variables, token: session.accessToken });
    const comments = open(COMMENTED, reader, { postId });
    const entries = open(RECORDED, admin);
    await streaming(2);
    expect(await open(RECORDED, reader).endCodes()).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);

    await author.client.data(
      'mutation ($postId: ID!) { addComment(input: { postId: $postId, body: "Live!" }) { id } }',
      { postId },
    );
    expect(await comments.result(0)).toEqual({
      data: { commentAdded: { body: 'Live!', author: { displayName: 'Ada Lovelace' } } },
    });
    expect(await entries.result(0)).toEqual({
      data: { auditEntryRecorded: { action: 'blog.comment.added', actor: { displayName: 'Ada Lovelace' } } },
    });

    await admin.client.data('mutation ($id: ID!) { lockUser(id: $id, reason: "test") { status } }', {
      id: reader.userId,
    });
    expect(await comments.endCodes()).toEqual(['UNAUTHENTICATED']);
    expect(entries.outcome).toBeUndefined();
    entries.stop();
  });
});
