import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

describe('what a user is refused', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform.stop());

  it('is in the audit log, with the user, the field and the request', async () => {
    const admin = await platform.signInAsAdministrator();
    const user = await platform.signUp('curious@example.com', 'correct horse battery staple');
    await user.client.request('{ auditEntries(first: 1) { totalCount } }');

    await eventually(async () => {
      const { auditEntries, auditCheckpoint } = await admin.client.data(
        `{ auditEntries(filter: { action: "platform.authorization.denied" }) { nodes { outcome resourceId actor { id } metadata requestId } }
           auditCheckpoint { treeSize } }`,
      );
      expect(auditEntries.nodes).toContainEqual({
        outcome: 'DENIED',
        resourceId: 'auditEntries',
        actor: { id: user.userId },
        metadata: { fields: ['auditEntries'], times: 1 },
        requestId: expect.any(String),
      });
      expect(Number(auditCheckpoint.treeSize)).toBeGreaterThan(0);
    });
  });
});
