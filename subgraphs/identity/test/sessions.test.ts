import { userVersion } from '@platform/auth';
import { asSignedIn, useIdentity } from './identity-under-test.js';
import {
  currentSession,
  logout,
  refresh,
  revokeOtherSessions,
  revokeSession,
  revokeUserSessions,
  sessions,
  userSessions,
} from './operations.js';

describe('sessions', () => {
  const identity = useIdentity();
  const versionOf = async (userId: string) => (await identity.harness.revocations.read([userVersion(userId)]))[0];

  it('are listed to their owner, newest first, with where they were used', async () => {
    const { email } = await identity.registered();
    const first = await identity.login(email, undefined, identity.guest({ ip: '192.0.2.1', userAgent: 'Firefox' }));
    identity.harness.clock.advance(1000);
    const second = await identity.login(email);

    const { sessions: listed } = await second.client.data(sessions);

    expect(listed).toEqual([
      expect.objectContaining({ id: second.sessionId, current: true }),
      expect.objectContaining({ id: first.sessionId, current: false, ipAddress: '192.0.2.1', userAgent: 'Firefox' }),
    ]);
    const [{ createdAt, expiresAt }] = listed;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(7 * 24 * 3_600_000);
  });

  it('tell how and when they began, and on what', async () => {
    const { email } = await identity.registered();
    const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0';
    const { client, sessionId } = await identity.login(email, undefined, identity.guest({ userAgent }));

    const session = (await client.data(currentSession)).currentSession;
    expect(session).toEqual({
      id: sessionId,
      current: true,
      deviceName: 'Firefox on Windows',
      methods: ['PASSWORD'],
      authenticatedAt: session.createdAt,
      createdAt: expect.any(String),
    });
  });

  it('are told to their owner by mail when they begin on another device', async () => {
    const agent = (browser: string) => `Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko/20100101 ${browser}`;
    const { email } = await identity.registered();
    const { id } = await identity.login(email, undefined, identity.guest({ userAgent: agent('Firefox/144.0') }));
    await identity.login(email, undefined, identity.guest({ userAgent: agent('Firefox/145.0') }));
    const told = () => identity.harness.outbox().then((all) => all.filter(({ type }) => type.endsWith('new_device')));
    expect((await told()).filter(({ data }) => data['userId'] === id)).toEqual([]);

    await identity.login(email, undefined, identity.guest({ userAgent: 'Click http://evil.example now/1.0 (x)' }));
    const { text } = await identity.mail(email, 'A new device signed in');
    expect(text).not.toContain('evil');
    const chrome = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/131.0.0.0 Safari/537.36';
    await identity.login(email, undefined, identity.guest({ userAgent: chrome }));
    expect((await identity.mail(email, 'A new device signed in', 2)).text).toContain('Chrome on macOS');
  });

  it('of any user are listed to who may read them all', async () => {
    const ada = await identity.signedIn();
    const reader = identity.harness.asUser(ada.id, ['identity.session.read']);
    expect((await reader.data(userSessions, { userId: ada.id })).userSessions).toEqual([
      { id: ada.sessionId, current: false, deviceName: null },
    ]);
    expect(await reader.data(userSessions, { userId: 'unknown' })).toEqual({ userSessions: [] });
    expect((await ada.client.error(userSessions, { userId: ada.id })).extensions.code).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
  });

  it('are refused to who is not signed in', async () => {
    expect((await identity.guest().error(sessions)).extensions.code).toBe('UNAUTHENTICATED');
  });

  it('are answered by reference to their own user alone, as long as they live', async () => {
    const ada = await identity.signedIn();
    const bob = await identity.signedIn();
    expect(await identity.isAlive(ada)).toBe(true);
    expect(await identity.isAlive({ id: bob.id, sessionId: ada.sessionId })).toBe(false);
    expect(await identity.isAlive({ id: ada.id, sessionId: 'no-session' })).toBe(false);

    identity.harness.clock.advance(7 * 24 * 3_600_000 + 1);
    expect(await identity.isAlive(ada)).toBe(false);
  });

  it('end by logout, at once, and for good', async () => {
    const ada = await identity.signedIn();
    const before = await versionOf(ada.id);

    expect(await identity.guest().data(logout, { refreshToken: ada.refreshToken })).toEqual({ logout: true });

    expect(await identity.isAlive(ada)).toBe(false);
    expect(await versionOf(ada.id)).not.toBe(before);
    const error = await identity.guest().error(refresh, { refreshToken: ada.refreshToken });
    expect(error.extensions.code).toBe('INVALID_REFRESH_TOKEN');
    expect(await identity.events('platform.user.logged_out', ada.id)).toEqual([
      expect.objectContaining({ actor: ada.id, data: { userId: ada.id, sessionId: ada.sessionId } }),
    ]);
  });

  it('end by logout with a token that was rotated meanwhile', async () => {
    const ada = await identity.signedIn();
    await identity.guest().data(refresh, { refreshToken: ada.refreshToken });
    await identity.guest().data(logout, { refreshToken: ada.refreshToken });
    expect(await identity.isAlive(ada)).toBe(false);
  });

  it('make logout true for an unknown token', async () => {
    expect(await identity.guest().data(logout, { refreshToken: 'unknown' })).toEqual({ logout: true });
  });

  it('can be ended one by one by their owner', async () => {
    const ada = await identity.signedIn();
    const elsewhere = await identity.login(ada.email);
    const before = await versionOf(ada.id);

    expect(await ada.client.data(revokeSession, { id: elsewhere.sessionId })).toEqual({ revokeSession: true });

    expect(await identity.isAlive(elsewhere)).toBe(false);
    expect(await identity.isAlive(ada)).toBe(true);
    expect(await versionOf(ada.id)).not.toBe(before);
    expect(await identity.events('platform.session.revoked', elsewhere.sessionId)).toHaveLength(1);
  });

  it('cannot be ended by others, nor twice, nor when unknown', async () => {
    const ada = await identity.signedIn();
    const bob = await identity.signedIn();
    await identity.guest().data(logout, { refreshToken: ada.refreshToken });
    for (const id of [bob.sessionId, ada.sessionId, 'unknown', '019f0000-0000-7000-8000-000000000000']) {
      expect((await ada.client.error(revokeSession, { id })).extensions.code).toBe('SESSION_NOT_FOUND');
    }
    expect(await identity.isAlive(bob)).toBe(true);
  });

  it('can be ended all but the current one', async () => {
    const ada = await identity.signedIn();
    const others = [await identity.login(ada.email), await identity.login(ada.email)];

    expect(await ada.client.data(revokeOtherSessions)).toEqual({ revokeOtherSessions: 2 });
    expect(await ada.client.data(revokeOtherSessions)).toEqual({ revokeOtherSessions: 0 });

    expect(await Promise.all([ada, ...others].map((one) => identity.isAlive(one)))).toEqual([true, false, false]);
    expect(await identity.events('platform.session.revoked', ada.id)).toHaveLength(1);
  });

  it('can all be ended by an administrator', async () => {
    const ada = await identity.signedIn();
    await identity.login(ada.email);
    expect(await identity.admin().data(revokeUserSessions, { userId: ada.id })).toEqual({ revokeUserSessions: 2 });
    expect(await identity.isAlive(ada)).toBe(false);

    const unknown = await identity.admin().error(revokeUserSessions, { userId: 'unknown' });
    expect(unknown.extensions.code).toBe('USER_NOT_FOUND');
  });

  it('do not end while that cannot be made known everywhere', async () => {
    const ada = await identity.signedIn();
    const { revocations } = identity.harness;
    const bump = revocations.bump;
    revocations.bump = () => Promise.reject(new Error('unreachable'));
    const { errors } = await identity.guest().request(logout, { refreshToken: ada.refreshToken });
    revocations.bump = bump;

    expect(errors).toHaveLength(1);
    expect(await identity.isAlive(ada)).toBe(true);
    identity.harness.unexpected.length = 0;
  });

  it('slide with each refresh, but not beyond thirty days', async () => {
    let ada = await identity.signedIn();
    const day = 24 * 3_600_000;
    for (let count = 0; count < 4; count += 1) {
      identity.harness.clock.advance(7 * day - 1000);
      ada = asSignedIn(
        identity.harness,
        (await identity.guest().data(refresh, { refreshToken: ada.refreshToken })).refreshToken,
      );
    }
    const [{ lastUsedAt, createdAt, expiresAt }] = (await ada.client.data(sessions)).sessions;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(30 * day);
    expect(Date.parse(lastUsedAt)).toBeGreaterThan(Date.parse(createdAt) + 27 * day);

    identity.harness.clock.advance(2 * day + 5000);
    const error = await identity.guest().error(refresh, { refreshToken: ada.refreshToken });
    expect(error.extensions.code).toBe('INVALID_REFRESH_TOKEN');
  });
});
