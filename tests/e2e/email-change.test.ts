import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

const PASSWORD = 'analytical engine 1843';
const NEXT_PASSWORD = 'difference engine 1822';
const [OLD, NEW] = ['ada@example.com', 'ada@example.org'];

const REQUEST = 'mutation ($input: RequestEmailChangeInput!) { requestEmailChange(input: $input) }';
const CONFIRM = 'mutation ($token: String!) { confirmEmailChange(token: $token) }';
const REVERT = 'mutation ($token: String!) { revertEmailChange(token: $token) }';
const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) }';
const ME = '{ me { email pendingEmail } }';

describe('another address for one’s account, through the router', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('is confirmed by the new one, taken back by the old one, and audited; opening the pages does neither', async () => {
    const ada = await platform.signUp(OLD, PASSWORD);
    await ada.client.data(REQUEST, { input: { newEmail: NEW, password: PASSWORD } });
    expect((await ada.client.data(ME)).me).toEqual({ email: OLD, pendingEmail: NEW });

    const confirmation = await platform.mailedToken(NEW, '/confirm-email-change');
    await opens(`/confirm-email-change?token=${confirmation}`);
    expect((await ada.client.data(ME)).me.email).toBe(OLD);
    await platform.anonymous.data(CONFIRM, { token: confirmation });
    expect((await ada.client.data(ME)).me).toEqual({ email: NEW, pendingEmail: null });

    const reversion = await platform.mailedToken(OLD, '/revert-email-change');
    await opens(`/revert-email-change?token=${reversion}`);
    expect((await ada.client.data(ME)).me.email).toBe(NEW);
    await platform.anonymous.data(REVERT, { token: reversion });
    expect((await ada.client.request(ME)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');

    const token = await platform.mailedToken(OLD, '/reset-password');
    await platform.anonymous.data(RESET, { input: { token, newPassword: NEXT_PASSWORD } });
    const again = await platform.signIn(OLD, NEXT_PASSWORD);
    expect(again.userId).toBe(ada.userId);

    const admin = await platform.signInAsAdministrator();
    await eventually(async () => {
      const { auditEntries } = await admin.client.data(
        'query ($id: ID!) { auditEntries(filter: { actorId: $id }, first: 50) { nodes { action } } }',
        { id: ada.userId },
      );
      const actions = auditEntries.nodes.map(({ action }: { action: string }) => action);
      for (const action of ['requested', 'reverted']) expect(actions).toContain(`platform.user.email_change_${action}`);
      expect(actions).toContain('platform.user.email_changed');
    });
  });

  async function opens(page: string): Promise<void> {
    const response = await fetch(`${platform.url}${page}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<form id="form" hidden>');
  }
});
