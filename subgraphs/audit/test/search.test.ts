import { randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { loginFailed, roleAssigned, userLoggedIn } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';
import { ENTRIES, ENTRY } from './operations.js';

describe('auditEntries', () => {
  const harness = useSubgraph(audit);
  const [actor, other, roleId] = [randomUUID(), randomUUID(), randomUUID()];
  const auditor = () => harness.asUser(randomUUID(), ['audit.entry.read']);
  const find = async (variables: Record<string, unknown> = {}) =>
    (await auditor().data(ENTRIES, variables)).auditEntries;
  const actions = async (filter: Record<string, unknown>) =>
    (await find({ filter })).nodes.map(({ action }: { action: string }) => action);

  beforeAll(async () => {
    const session = { userId: actor, sessionId: randomUUID() };
    await harness.deliver(userLoggedIn, {
      subject: actor,
      actor,
      requestid: 'one',
      time: '2026-01-01T00:00:00.000Z',
      data: session,
    });
    await harness.deliver(loginFailed, {
      subject: other,
      requestid: 'two',
      time: '2026-01-02T00:00:00.000Z',
      data: { userId: other, reason: 'x' },
    });
    await harness.deliver(roleAssigned, {
      subject: roleId,
      actor,
      time: '2026-01-03T00:00:00.000Z',
      data: { userId: other, roleId, name: 'editor' },
    });
  });

  it('come newest first', async () => {
    const { nodes, totalCount } = await find();
    expect(nodes.map(({ sequence }: { sequence: string }) => sequence)).toEqual(['2', '1', '0']);
    expect(totalCount).toBe(3);
  });

  it('are paged by cursor in both directions', async () => {
    const first = await find({ first: 2 });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await find({ first: 2, after: first.pageInfo.endCursor });
    expect(second).toMatchObject({ nodes: [{ sequence: '0' }], pageInfo: { hasNextPage: false }, totalCount: 3 });
    expect((await find({ last: 2, before: second.pageInfo.startCursor })).nodes).toEqual(first.nodes);
    expect((await find({ last: 1 })).nodes).toEqual(second.nodes);
  });

  it.each([
    ['its actor', { actorId: actor }, ['platform.role.assigned', 'platform.user.logged_in']],
    ['its action', { action: 'platform.user.logged_in' }, ['platform.user.logged_in']],
    ['a prefix of its action', { action: 'platform.user.' }, ['platform.user.login_failed', 'platform.user.logged_in']],
    ['no prefix without a dot', { action: 'platform.user' }, []],
    ['no pattern', { action: 'platform%.' }, []],
    ['its resource', { resource: 'role' }, ['platform.role.assigned']],
    ['its resource id', { resourceId: other }, ['platform.user.login_failed']],
    ['its outcome', { outcome: 'FAILED' }, ['platform.user.login_failed']],
    ['its request', { requestId: 'one' }, ['platform.user.logged_in']],
    ['its time', { from: '2026-01-02T00:00:00Z', to: '2026-01-03T00:00:00Z' }, ['platform.user.login_failed']],
    [
      'all of them',
      { actorId: actor, action: 'platform.', resource: 'user', outcome: 'SUCCESS' },
      ['platform.user.logged_in'],
    ],
    ['no malformed id', { actorId: 'nonsense', resourceId: '' }, []],
    [
      'blank texts as if they had not been given',
      { resourceId: other, resource: '', action: ' ', requestId: '' },
      ['platform.user.login_failed'],
    ],
  ])('are found by %s', async (_, filter, expected) => {
    expect(await actions(filter)).toEqual(expected);
  });

  it('refuse texts that no entry can have', async () => {
    const { extensions } = await harness
      .asService('reports', ['audit.entry.read'])
      .error('query ($filter: AuditFilter) { auditEntries(filter: $filter) { totalCount } }', {
        filter: { requestId: 'nul\0', action: '\ud800.' },
      });
    expect(extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: { 'filter.requestId': expect.any(String), 'filter.action': expect.any(String) },
    });
  });

  it('refuse pages that are none', async () => {
    for (const page of [
      { first: 101 },
      { last: -1 },
      { after: 'x' },
      { after: Buffer.from('["x"]').toString('base64url') },
    ]) {
      expect((await auditor().error(ENTRIES, page)).extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('answer nothing for unknown and malformed ids', async () => {
    for (const id of [randomUUID(), 'nonsense', ''])
      expect(await auditor().data(ENTRY, { id })).toEqual({ auditEntry: null });
  });

  it('are for holders of the permission alone, also as entities', async () => {
    const [{ id }] = (await find({ first: 1 })).nodes;
    const stranger = harness.asUser(actor, ['blog.post.read']);
    expect((await stranger.error(ENTRIES)).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    expect((await stranger.error(ENTRY, { id })).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on AuditEntry { action } } }';
    const { data } = await stranger.request(query, { r: [{ __typename: 'AuditEntry', id }] });
    expect(data?._entities).toEqual([null]);
  });
});
