import { asSignedIn, claimsOf, useIdentity } from './identity-under-test.js';
import { refresh } from './operations.js';

describe('refreshing', () => {
  const identity = useIdentity();
  const home = { ip: '192.0.2.1', userAgent: 'Firefox' };
  const renew = async (refreshToken: string, device = home) =>
    (await identity.guest(device).data(refresh, { refreshToken })).refreshToken;
  const refused = async (refreshToken: string, device = home) =>
    (await identity.guest(device).error(refresh, { refreshToken })).extensions.code;

  it('rotates the refresh token within the same session', async () => {
    const ada = await identity.signedIn();
    const answer = await renew(ada.refreshToken);

    const next = asSignedIn(identity.harness, answer);
    expect(next.refreshToken).not.toBe(ada.refreshToken);
    expect(next.sessionId).toBe(ada.sessionId);
    expect(claimsOf(next.accessToken).jti).not.toBe(claimsOf(ada.accessToken).jti);
    expect(answer).toMatchObject({ tokenType: 'Bearer', expiresIn: 900, user: { id: ada.id, email: ada.email } });
    await renew(next.refreshToken);
  });

  it('by a rotated token ends the whole family, at once', async () => {
    const ada = await identity.signedIn();
    const { refreshToken: second } = await renew(ada.refreshToken);
    const { refreshToken: third } = await renew(second);

    expect(await refused(ada.refreshToken)).toBe('REFRESH_TOKEN_REUSED');

    expect(await identity.isAlive(ada)).toBe(false);
    expect(await refused(third)).toBe('INVALID_REFRESH_TOKEN');
    expect(await refused(ada.refreshToken)).toBe('INVALID_REFRESH_TOKEN');
    expect(await identity.events('platform.session.token_reused', ada.sessionId)).toEqual([
      expect.objectContaining({ outcome: 'DENIED', data: { userId: ada.id, sessionId: ada.sessionId } }),
    ]);
  });

  it('again within ten seconds from the same place gets the same successor', async () => {
    const ada = await identity.signedIn();
    const first = await renew(ada.refreshToken);
    identity.harness.clock.advance(9_000);
    const second = await renew(ada.refreshToken);

    expect(second.refreshToken).toBe(first.refreshToken);
    await renew(second.refreshToken);
    expect(await identity.isAlive(ada)).toBe(true);
  });

  it.each([
    ['later than that', home, 10_001],
    ['from another address', { ...home, ip: '192.0.2.2' }, 0],
    ['by another user agent', { ...home, userAgent: 'curl' }, 0],
  ])('again %s is reuse', async (_what, device, delay) => {
    const ada = await identity.signedIn();
    await renew(ada.refreshToken);
    identity.harness.clock.advance(delay);
    expect(await refused(ada.refreshToken, device)).toBe('REFRESH_TOKEN_REUSED');
    expect(await identity.isAlive(ada)).toBe(false);
  });

  it('in parallel never forks the family', async () => {
    const ada = await identity.signedIn();
    const answers = await Promise.all(Array.from({ length: 8 }, () => renew(ada.refreshToken)));
    const successors = new Set(answers.map(({ refreshToken }) => refreshToken));
    expect(successors.size).toBe(1);
    await renew([...successors][0] as string);
  });

  it('by an unknown token is refused', async () => {
    expect(await refused('unknown')).toBe('INVALID_REFRESH_TOKEN');
  });

  it('keeps tokens as hashes, and the successor readable with the old token alone', async () => {
    const ada = await identity.signedIn();
    const { refreshToken } = await renew(ada.refreshToken);
    const rows = JSON.stringify(
      await identity.harness.sql(
        `SELECT encode(hash, 'escape') AS hash, encode(successor, 'escape') AS successor FROM refresh_tokens`,
      ),
    );
    expect(rows).not.toContain(ada.refreshToken);
    expect(rows).not.toContain(refreshToken);

    await renew(refreshToken);
    const [{ count }] = await identity.harness.sql(
      'SELECT count(*)::int FROM refresh_tokens WHERE session_id = $1 AND successor IS NOT NULL',
      [ada.sessionId],
    );
    expect(count).toBe(1);
  });
});
