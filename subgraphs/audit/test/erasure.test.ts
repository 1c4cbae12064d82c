import { randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { verifyDatabase } from '@platform/audit/verification';
import { permissionGranted, sessionRevoked, userDeleted, userLocked, userLoggedIn } from '@platform/contracts';
import { eventually, useSubgraph } from '@platform/testkit';
import { noteSigner } from '@platform/transparency-log';
import pg from 'pg';
import { ENTRY } from './operations.js';

describe('a deleted user', () => {
  const harness = useSubgraph(audit);
  const [user, administrator] = [randomUUID(), randomUUID()];
  const [login, lock, revocation, deletion, late, grant] = Array.from({ length: 6 }, () => randomUUID());
  const [roleId, permissions] = [randomUUID(), ['blog.post.read']];
  const entry = async (id = '') =>
    (await harness.asUser(randomUUID(), ['audit.entry.read']).data(ENTRY, { id })).auditEntry;
  const origin = { clientip: '203.0.113.7', useragent: 'browser of theirs' };
  const sessionId = randomUUID();
  let before: Record<string, unknown>;

  beforeAll(async () => {
    const data = { userId: user, sessionId };
    await harness.deliver(userLoggedIn, { id: login, subject: user, actor: user, ...origin, data });
    const locked = { id: lock, subject: user, actor: administrator, clientip: '198.51.100.1', useragent: 'console' };
    await harness.deliver(userLocked, { ...locked, data: { userId: user, reason: 'called us names' } });
    const revoked = { id: revocation, subject: sessionId, actor: administrator, ...origin };
    await harness.deliver(sessionRevoked, {
      ...revoked,
      data: { userId: user, sessionIds: [sessionId], reason: 'lock' },
    });
    const granted = { id: grant, subject: roleId, actor: user, ...origin, data: { roleId, permissions } };
    await harness.deliver(permissionGranted, granted);
    before = await entry(login);
    await harness.deliver(userDeleted, { id: deletion, subject: user, actor: user, ...origin, data: { userId: user } });
    await harness.deliver(userLoggedIn, { id: late, subject: user, actor: user, ...origin, data });
  });

  it('could be read of until then', () => {
    expect(before).toMatchObject({ ipAddress: '203.0.113.7', userAgent: 'browser of theirs', erased: false });
    expect(before['metadata']).toMatchObject({ userId: user });
  });

  it('leaves entries that say what was done, not from where', async () => {
    const kept = { action: 'platform.user.logged_in', actor: { id: user }, leafHash: before['leafHash'] };
    const metadata = { userId: user, sessionId };
    expect(await entry(login)).toMatchObject({ ...kept, metadata, ipAddress: null, userAgent: null, erased: true });
  });

  it('does not hide which rights they gave', async () => {
    const given = { action: 'platform.permission.granted', resourceId: roleId, metadata: { roleId, permissions } };
    expect(await entry(grant)).toMatchObject({ ...given, ipAddress: null, userAgent: null, erased: true });
  });

  it('is erased from what others did to them, who stay', async () => {
    const locked = await entry(lock);
    expect(locked).toMatchObject({ ipAddress: '198.51.100.1', userAgent: 'console', erased: true });
    expect(locked.metadata).toEqual({ userId: user });
    expect(await entry(revocation)).toMatchObject({
      ipAddress: '203.0.113.7',
      metadata: { reason: 'lock' },
      erased: false,
    });
  });

  it('cannot be read of in what is recorded later either', async () => {
    for (const id of [deletion, late]) {
      expect(await entry(id)).toMatchObject({ ipAddress: null, userAgent: null, erased: true });
    }
  });

  it('leaves no plain text in the database', async () => {
    const rows = await harness.sql('SELECT entry::text AS text FROM audit_entry AS entry');
    for (const secret of ['203.0.113.7', 'browser of theirs', 'called us names']) {
      expect(rows.filter(({ text }) => text.includes(secret))).toEqual([]);
    }
    const keys = await harness.sql('SELECT key FROM subject_key WHERE subject = $1', [user]);
    expect(keys).toEqual([{ key: null }]);
  });

  it('leaves a log whose hashes all hold', async () => {
    await eventually(async () => {
      const [{ covered }] = await harness.sql(
        'SELECT (SELECT max(tree_size) FROM checkpoint) = (SELECT count(*) FROM audit_entry) AS covered',
      );
      expect(covered).toBe(true);
    });
    const client = new pg.Client({ connectionString: harness.databaseUrl, options: '-c search_path=audit' });
    await client.connect();
    try {
      const { logName, signingKey } = harness.config.audit;
      const verdict = await verifyDatabase(client, [noteSigner(logName, signingKey)]);
      expect(verdict).toMatchObject({ entries: 6, covered: 6, findings: [] });
    } finally {
      await client.end();
    }
  });
});
