import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const READS = `{ auditEntries(filter: { action: "platform.data.read" }, first: 100) {
  nodes { outcome resource resourceId actor { id } metadata requestId } } }`;

describe('reading what the configuration names', () => {
  let platform: EmbeddedPlatform;
  let admin: Session;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({
      set: ['audit.include=["Query.users","User.*"]', 'audit.exclude=["User.id"]'],
    });
    admin = await platform.signInAsAdministrator();
  });
  afterAll(() => platform?.stop());

  // biome-ignore lint/suspicious/noExplicitAny: entries of any shape
  const readsOf = async (userId: string): Promise<any[]> => {
    const { auditEntries } = await admin.client.data(READS);
    return auditEntries.nodes.filter(({ actor }: { actor: { id: string } | null }) => actor?.id === userId);
  };

  it('leaves an entry with who read which fields, the same again being one with a number', async () => {
    const query =
      'query ($mail: Boolean!) { users(first: 1) { nodes { id email @include(if: $mail) name: displayName } } }';
    for (let time = 0; time < 3; time += 1) await admin.client.data(query, { mail: false });

    await eventually(async () => {
      const entries = await readsOf(admin.userId);
      expect(entries.reduce((sum, { metadata }) => sum + metadata.times, 0)).toBe(3);
      for (const entry of entries) {
        expect(entry).toMatchObject({
          outcome: 'SUCCESS',
          resource: 'field',
          resourceId: 'Query.users',
          metadata: { fields: ['Query.users', 'User.displayName'] },
          requestId: expect.any(String),
        });
      }
    });
  });

  it('leaves none of what is refused, excluded or not named', async () => {
    const user = await platform.signUp('reader@example.com', 'correct horse battery staple');
    await user.client.request('{ users(first: 1) { nodes { email } } }');
    await user.client.data('{ me { id } posts(first: 1) { totalCount } }');
    await user.client.data('{ me { email } }');

    await eventually(async () => {
      const entries = await readsOf(user.userId);
      expect(entries.map(({ metadata }) => metadata.fields)).toEqual([['User.email']]);
    });
  });
});
