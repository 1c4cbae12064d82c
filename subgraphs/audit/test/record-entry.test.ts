import { randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { anonymousCaller, userCaller } from '@platform/auth';
import { useSubgraph } from '@platform/testkit';
import { ENTRIES, ENTRY, RECORD } from './operations.js';

const DAY = 86_400_000;
const TENANT = '00000000-0000-7000-8000-000000000001';

describe('recordAuditEntry', () => {
  const harness = useSubgraph(audit);
  const both = ['audit.entry.record', 'audit.entry.read'];
  const headers = { 'x-client-ip': '198.51.100.4', 'user-agent': 'browser', 'x-request-id': 'request-9' };
  const claimed = { actorId: 'somebody', ipAddress: '203.0.113.9', userAgent: 'forged' };

  it('takes actor, address and user agent from services', async () => {
    const input = { action: 'report.exported', resource: 'report', resourceId: '7', metadata: { rows: 3 }, ...claimed };
    const { recordAuditEntry } = await harness.asService('reports', both).data(RECORD, { input });

    expect(recordAuditEntry).toMatchObject({
      action: 'report.exported',
      resource: 'report',
      resourceId: '7',
      outcome: 'SUCCESS',
      metadata: { rows: 3 },
      actor: { id: 'somebody' },
      ipAddress: '203.0.113.9',
      userAgent: 'forged',
      tenantId: TENANT,
    });
    const { auditEntry } = await harness.asService('reports', both).data(ENTRY, { id: recordAuditEntry.id });
    expect(auditEntry).toEqual(recordAuditEntry);
  });

  it('uses what is known of everybody else', async () => {
    const userId = randomUUID();
    const input = { action: 'report.exported', resource: 'report', outcome: 'DENIED', ...claimed };
    const user = harness.as(userCaller(userId, null, TENANT, both), headers);
    const anonymous = harness.as(anonymousCaller(TENANT, both), headers);

    const origin = { ipAddress: '198.51.100.4', userAgent: 'browser', requestId: 'request-9', outcome: 'DENIED' };
    expect((await user.data(RECORD, { input })).recordAuditEntry).toMatchObject({ ...origin, actor: { id: userId } });
    expect((await anonymous.data(RECORD, { input })).recordAuditEntry).toMatchObject({ ...origin, actor: null });
  });

  it('numbers entries without gaps while many are recorded at once', async () => {
    const service = harness.asService('reports', both);
    const input = { action: 'a', resource: 'b' };
    const answers = await Promise.all(Array.from({ length: 30 }, () => service.data(RECORD, { input })));

    const sequences = answers
      .map(({ recordAuditEntry }) => Number(recordAuditEntry.sequence))
      .toSorted((a, b) => a - b);
    expect(sequences).toEqual(Array.from({ length: 30 }, (_, index) => (sequences[0] as number) + index));
  });

  it('takes a time of occurrence in the near past, and the present without one', async () => {
    const service = harness.asService('reports', both);
    const input = { action: 'a', resource: 'b', occurredAt: new Date(Date.now() - 29 * DAY).toISOString() };
    expect((await service.data(RECORD, { input })).recordAuditEntry.occurredAt).toBe(input.occurredAt);
    const { recordAuditEntry } = await service.data(RECORD, { input: { action: 'a', resource: 'b' } });
    expect(Math.abs(Date.parse(recordAuditEntry.occurredAt) - harness.clock.now().getTime())).toBeLessThan(60_000);
  });

  it.each([
    ['no action', { action: '' }, 'input.action'],
    ['an action that is a prefix', { action: 'platform.user.' }, 'input.action'],
    ['a resource that is too long', { resource: 'x'.repeat(201) }, 'input.resource'],
    ['a NUL', { resourceId: 'a\0' }, 'input.resourceId'],
    ['a time in the future', { occurredAt: new Date(Date.now() + 600_000).toISOString() }, 'input.occurredAt'],
    ['a time that is long ago', { occurredAt: new Date(Date.now() - 31 * DAY).toISOString() }, 'input.occurredAt'],
    ['an action of the platform', { action: 'platform.role.assigned' }, 'input.action'],
    ['an action of a module', { action: 'blog.post.deleted' }, 'input.action'],
    ['an action of the platform in another case', { action: 'Platform.role.assigned' }, 'input.action'],
    ['an action that begins like the platform’s', { action: 'platform_.role.assigned' }, 'input.action'],
    ['what a module would name next', { action: 'authz.anything' }, 'input.action'],
    ["the report of another service's", { action: 'platform.authorization.denied' }, 'input.action'],
    ['more than 64 KiB of metadata', { metadata: { text: 'x'.repeat(64 * 1024) } }, 'input.metadata'],
  ])('refuses %s', async (_, mistake, field) => {
    const before = await harness.sql('SELECT count(*) FROM audit_entry');
    const input = { action: 'report.exported', resource: 'report', ...mistake };
    const error = await harness.asService('reports', both).error(RECORD, { input });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { [field]: expect.any(String) } });
    expect(await harness.sql('SELECT count(*) FROM audit_entry')).toEqual(before);
  });

  it('takes from the router what the router reports, and from nobody who says to be it', async () => {
    const input = { action: 'platform.authorization.denied', resource: 'field', outcome: 'DENIED' };
    const { recordAuditEntry } = await harness.asService('router', both).data(RECORD, { input });
    expect(recordAuditEntry.action).toBe(input.action);
    const administrator = harness.asUser(randomUUID(), both);
    expect((await administrator.error(RECORD, { input })).extensions.code).toBe('BAD_USER_INPUT');
    const other = { ...input, action: 'platform.role.assigned' };
    expect((await harness.asService('router', both).error(RECORD, { input: other })).extensions.code).toBe(
      'BAD_USER_INPUT',
    );
  });

  it.each(['0000-06-01T00:00:00Z', '-000001-01-01T00:00:00Z', '+010000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00'])(
    'refuses %s, as every argument does that is a time',
    async (time) => {
      const service = harness.asService('reports', [...both, 'audit.entry.export']);
      const input = { action: 'a', resource: 'b', occurredAt: time };
      expect((await service.error(RECORD, { input })).extensions.code).toBe('BAD_USER_INPUT');
      expect((await service.error(ENTRIES, { filter: { from: time } })).extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  it('takes for the person of the details only an id, however it is written', async () => {
    const service = harness.asService('reports', both);
    const userId = randomUUID();
    for (const metadata of [{ userId: 'x'.repeat(300) }, { userId: userId.toUpperCase() }]) {
      await service.data(RECORD, { input: { action: 'a.b', resource: 'c', metadata } });
    }
    const subjects = await harness.sql('SELECT subject FROM subject_key');
    expect(subjects.map(({ subject }) => subject)).toContain(userId);
  });

  it('cuts what is nested too deeply and leaves secrets out', async () => {
    const deep = Array.from({ length: 5_000 }).reduce<object>((inner) => ({ inner }), {});
    const input = { action: 'a', resource: 'b', metadata: { deep, clientSecret: 'x', list: [1, { token: 'y' }] } };
    const { recordAuditEntry } = await harness.asService('reports', both).data(RECORD, { input });
    expect(recordAuditEntry.metadata).toMatchObject({ deep: { inner: {} }, list: [1, {}] });
    expect(JSON.stringify(recordAuditEntry.metadata).length).toBeLessThan(1_000);
    expect(recordAuditEntry.metadata).not.toHaveProperty('clientSecret');
  });

  it('answers the entry also to those who may only record, and nothing else of the log', async () => {
    const recorder = harness.asService('reports', ['audit.entry.record']);
    const { recordAuditEntry } = await recorder.data(RECORD, { input: { action: 'a', resource: 'b' } });
    expect((await recorder.error(ENTRY, { id: recordAuditEntry.id })).extensions.code).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on AuditEntry { action } } }';
    const { _entities } = await recorder.data(query, { r: [{ __typename: 'AuditEntry', id: recordAuditEntry.id }] });
    expect(_entities).toEqual([null]);
  });

  it('needs the permission', async () => {
    const error = await harness
      .asUser(randomUUID(), ['audit.entry.read'])
      .error(RECORD, { input: { action: 'a', resource: 'b' } });
    expect(error.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it('adds one entry, however often it is sent with its idempotency key', async () => {
    const user = harness.as(userCaller(randomUUID(), null, TENANT, both), { 'idempotency-key': randomUUID() });
    const input = { action: 'report.repeated', resource: 'report', metadata: { rows: 3 } };
    const first = await user.data(RECORD, { input });
    expect(await user.data(RECORD, { input })).toEqual(first);
    expect(await harness.sql("SELECT FROM audit_entry WHERE action = 'report.repeated'")).toHaveLength(1);
  });
});
