import { randomUUID } from 'node:crypto';
import { withTenant } from '@platform/postgres/tenancy';
import { Erasure } from '../src/services/erasure.js';
import { identityRetention } from '../src/services/housekeeping.js';
import { UnverifiedAccounts } from '../src/services/unverified-accounts.js';
import * as factors from './factor-operations.js';
import { PASSWORD, useIdentity } from './identity-under-test.js';
import * as operations from './operations.js';
import { protectedUsers } from './protected-users.js';

const DAY = 86_400_000;

describe('what nobody can use any more', () => {
  const identity = useIdentity();
  const { enrolTotp, challenged } = protectedUsers(identity);
  const count = async (table: string) => (await identity.harness.sql(`SELECT FROM ${table}`)).length;

  it('goes: challenges, links, and sessions with their tokens; what can be used stays', async () => {
    const ada = await identity.signedIn();
    await enrolTotp(ada);
    await challenged(ada.email);
    await identity.guest().data(operations.requestReset, { email: ada.email });
    await identity.mail(ada.email, 'Set a new password');
    const { config, database, errors } = identity.infrastructure();
    const tables = ['challenges', 'one_time_tokens', 'sessions', 'refresh_tokens'];
    const before = await Promise.all(tables.map(count));
    await identityRetention(database, config.identity, errors).sweep();
    expect(await Promise.all(tables.map(count))).toEqual(before);

    for (const table of ['challenges', 'one_time_tokens']) {
      await identity.harness.sql(`UPDATE ${table} SET expires_at = now() - interval '1 minute'`);
    }
    await identity.harness.sql(`UPDATE sessions SET expires_at = now() - interval '31 days'`);
    await identityRetention(database, config.identity, errors).sweep();
    expect(await Promise.all(tables.map(count))).toEqual([0, 0, 0, 0]);
  });

  it('goes with its event: an account that nobody has verified for thirty days, and no other', async () => {
    const verified = await identity.signedIn();
    const email = `${randomUUID()}@example.com`;
    await identity.guest().data(operations.register, { input: { email, password: PASSWORD } });
    await identity.mail(email, 'Verify');
    const [{ id }] = await identity.harness.sql('SELECT id FROM users WHERE email = $1', [email]);
    const { config, database, clock, outbox, revocations } = identity.infrastructure();
    const unverified = new UnverifiedAccounts(
      database,
      new Erasure(outbox, revocations, clock),
      clock,
      config.identity.unverifiedRetention,
    );
    const erase = () => withTenant(config.platform.tenantId, () => unverified.eraseDue());
    const stands = async () => (await identity.harness.sql('SELECT FROM users WHERE email = $1', [email])).length === 1;

    await erase();
    identity.harness.clock.advance(30 * DAY);
    await identity.guest().data(operations.register, { input: { email, password: PASSWORD } });
    await identity.mail(email, 'Verify', 2);
    await erase();
    expect(await stands()).toBe(true); // its new link can still be followed
    identity.harness.clock.advance(DAY);
    await Promise.all([erase(), erase()]);

    expect(await stands()).toBe(false);
    expect(await identity.events('platform.user.deleted', id)).toHaveLength(1);
    expect(await identity.events('platform.user.deleted', verified.id)).toEqual([]);
    expect((await verified.client.data(factors.mfaStatus)).mfaStatus.hasPassword).toBe(true);
  });
});
