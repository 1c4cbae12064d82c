import { randomUUID } from 'node:crypto';
import { postCreated } from '@platform/contracts';
import { eventually, useSubgraph } from '@platform/testkit';
import { audit } from '../src/main.js';
import { RECORD } from './operations.js';

const RECORDED = `subscription ($filter: AuditFilter) {
  auditEntryRecorded(filter: $filter) { id action resourceId actor { id } leafHash }
}`;

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('auditEntryRecorded', () => {
  const harness = useSubgraph(audit);
  const auditor = () => harness.asUser(randomUUID(), ['audit.entry.read']);
  const record = async (input: Record<string, unknown>) => {
    const recorder = harness.asService('test', ['audit.entry.record']);
    return (await recorder.data(RECORD, { input: { resource: 'thing', ...input } })).recordAuditEntry;
  };

  it('tells of recorded events and of reported entries, in their order', async () => {
    const entries = await auditor().subscribe(RECORDED);
    const [id, postId, actor] = [randomUUID(), randomUUID(), randomUUID()];
    await harness.deliver(postCreated, { id, subject: postId, actor, data: { postId, authorId: actor } });
    const reported = await record({ action: 'test.reported' });

    expect((await entries.next()).value).toMatchObject({
      data: { auditEntryRecorded: { id, action: 'blog.post.created', resourceId: postId, actor: { id: actor } } },
    });
    expect((await entries.next()).value).toMatchObject({
      data: { auditEntryRecorded: { id: reported.id, leafHash: reported.leafHash } },
    });
    await entries.return?.();
  });

  it.each([
    ['an action', { action: 'test.wanted' }],
    ['a prefix of actions', { action: 'test.' }],
    ['a resource and its id', { resource: 'thing', resourceId: 'wanted' }],
    ['an outcome', { outcome: 'DENIED' }],
    ['a time', { from: hoursAgo(3), to: hoursAgo(1) }],
  ])('keeps to %s', async (_, filter) => {
    const entries = await auditor().subscribe(RECORDED, { filter });
    await record({ action: 'other.unwanted', resourceId: 'unwanted' });
    const { id } = await record({
      action: 'test.wanted',
      resourceId: 'wanted',
      outcome: 'DENIED',
      occurredAt: hoursAgo(2),
    });
    expect((await entries.next()).value).toMatchObject({ data: { auditEntryRecorded: { id } } });
    await entries.return?.();
  });

  it('tells nothing of what is rolled back', async () => {
    const entries = await auditor().subscribe(RECORDED);
    await harness.sql('BEGIN');
    await harness.sql(`SELECT pg_notify('audit_entry_recorded', $1)`, [randomUUID()]);
    await harness.sql('ROLLBACK');
    const { id } = await record({ action: 'test.kept' });
    expect((await entries.next()).value).toMatchObject({ data: { auditEntryRecorded: { id } } });
    await entries.return?.();
  });

  it('is refused to who may only record', async () => {
    const entries = await harness.asService('test', ['audit.entry.record']).subscribe(RECORDED);
    expect((await entries.next()).value).toMatchObject({
      errors: [{ path: ['auditEntryRecorded'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
  });

  it('goes on after its connection to the database was lost', async () => {
    const entries = await auditor().subscribe(RECORDED);
    const [lost] = await listening();
    await harness.sql('SELECT pg_terminate_backend($1)', [lost]);
    await eventually(async () => {
      const [found] = await listening();
      expect(found).toBeDefined();
      expect(found).not.toBe(lost);
    });
    const { id } = await record({ action: 'test.after' });
    expect((await entries.next()).value).toMatchObject({ data: { auditEntryRecorded: { id } } });
    await entries.return?.();
  });

  it('holds no connection once nobody watches', async () => {
    const entries = await auditor().subscribe(RECORDED);
    await entries.return?.();
    await eventually(async () => expect(await listening()).toEqual([]));
  });

  /** The database's connections that listen. */
  const listening = async (): Promise<number[]> => {
    const rows = await harness.sql(
      `SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
    );
    return rows.map(({ pid }) => pid);
  };
});
