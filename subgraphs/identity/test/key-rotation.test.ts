import { eventually, inTenant } from '@platform/testkit';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { identityServices } from '../src/main.js';
import { type SignedIn, useIdentity } from './identity-under-test.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('signing keys', () => {
  const identity = useIdentity({ set: ['identity.keyRotation.interval=30d', 'identity.keyRotation.prePublish=15m'] });
  const rotation = () => inTenant(identity.harness.tenantId, identityServices(identity.infrastructure()).keys);
  const jwks = async (): Promise<JSONWebKeySet> =>
    (await identity.harness.asService('router').data('{ signingKeys }')).signingKeys;
  const published = async () => (await jwks()).keys.map(({ kid }) => kid);
  const signerOf = ({ accessToken }: SignedIn) => decodeProtectedHeader(accessToken).kid;
  const verifies = async ({ accessToken }: SignedIn): Promise<boolean> =>
    jwtVerify(accessToken, createLocalJWKSet(await jwks()), { currentDate: identity.harness.clock.now() }).then(
      () => true,
      () => false,
    );

  it('are published before they sign; the old one verifies until its last token has expired, and then goes', async () => {
    const before = await identity.signedIn();
    const old = signerOf(before);
    const { kid: next } = await rotation().rotate('root@host');

    expect(new Set(await published())).toEqual(new Set([old, next]));
    identity.harness.clock.advance(14 * MINUTE);
    const last = await identity.login(before.email);
    expect(signerOf(last)).toBe(old);
    expect(await verifies(before)).toBe(true);

    identity.harness.clock.advance(2 * MINUTE);
    const after = await identity.login(before.email);
    expect(signerOf(after)).toBe(next);
    expect(await verifies(last)).toBe(true);
    expect(await verifies(after)).toBe(true);

    identity.harness.clock.advance(15 * MINUTE);
    expect(await published()).toEqual([next]);
    expect(await verifies(await identity.login(before.email))).toBe(true);
  });

  it('sign, and those that were ended stay ended, when the clock is set back to before all of them', async () => {
    const before = await identity.signedIn();
    const ended = signerOf(before);
    await rotation().revokeAll('root@host');

    identity.harness.clock.advance(-DAY);
    const after = await identity.login(before.email);
    expect(await published()).not.toContain(ended);
    expect(signerOf(after)).not.toBe(ended);
    expect(await verifies(after)).toBe(true);
    identity.harness.clock.advance(DAY);
  });

  it('tell operators where each is in its life', async () => {
    await rotation().rotate(null);
    const described = (await rotation().list()).map(({ state }) => state);
    expect(described.slice(0, 2)).toEqual(['NEXT', 'SIGNING']);
    identity.harness.clock.advance(16 * MINUTE);
    expect((await rotation().list()).map(({ state }) => state).slice(0, 2)).toEqual(['SIGNING', 'VERIFYING']);
  });

  it('leave an event with the operator, from which the audit log is fed', async () => {
    const { kid } = await rotation().rotate('root@host');
    expect(await identity.harness.outbox()).toContainEqual(
      expect.objectContaining({
        type: 'platform.signing_key.rotated',
        subject: kid,
        resource: 'signing_key',
        data: { keyId: kid, operator: 'root@host', signsFrom: expect.any(String) },
      }),
    );
  });

  it('are rotated on schedule once, however many processes look at the same moment', async () => {
    identity.harness.clock.advance(29 * DAY);
    expect(await rotation().rotateWhenDue()).toBeNull();
    identity.harness.clock.advance(2 * DAY);

    const looks = await Promise.all(Array.from({ length: 6 }, () => rotation().rotateWhenDue()));
    expect(looks.filter((key) => key !== null)).toHaveLength(1);
    expect(await rotation().rotateWhenDue()).toBeNull();
  });

  it('lose their private part once they are retired', async () => {
    await rotation().rotate(null);
    identity.harness.clock.advance(DAY);
    await rotation().rotateWhenDue();
    const rows = await identity.harness.sql('SELECT kid FROM signing_keys WHERE length(private_key) > 0');
    expect(rows.map(({ kid }) => kid)).toEqual(await published());
  });

  it('that are revoked stop at once, with every token that they signed, and routers are told', async () => {
    const before = await identity.signedIn();
    const [stamp] = await identity.harness.revocations.read(['signing-keys']);
    const { kid } = await rotation().revokeAll('root@host');

    expect(await published()).toEqual([kid]);
    expect(await verifies(before)).toBe(false);
    expect(await identity.harness.revocations.read(['signing-keys'])).not.toEqual([stamp]);
    const after = await identity.login(before.email);
    expect(signerOf(after)).toBe(kid);
    expect(await verifies(after)).toBe(true);
    expect(await identity.harness.outbox()).toContainEqual(
      expect.objectContaining({
        type: 'platform.signing_key.revoked',
        subject: signerOf(before),
        data: { keyId: signerOf(before), operator: 'root@host' },
      }),
    );
  });
});

describe('signing keys on schedule', () => {
  const identity = useIdentity({
    set: ['identity.keyRotation.checkInterval=20ms', 'identity.keyRotation.prePublish=0s'],
  });

  it('are rotated by the process itself', async () => {
    const { email, ...first } = await identity.signedIn();
    identity.harness.clock.advance(31 * DAY);
    await eventually(async () => {
      const { accessToken } = await identity.login(email);
      expect(decodeProtectedHeader(accessToken).kid).not.toBe(decodeProtectedHeader(first.accessToken).kid);
    });
  });
});
