import { randomUUID } from 'node:crypto';
import { userVersion } from '@platform/auth';
import { CodedError } from '@platform/foundation/errors';
import { type SignedIn, useIdentity } from './identity-under-test.js';
import * as organizations from './organization-operations.js';

const ADMINISTRATOR = [
  'identity.member.read',
  'identity.member.update',
  'identity.member.remove',
  'identity.user.read',
];

describe('members of an organization', () => {
  const asked: { query: string; variables: Record<string, unknown> }[] = [];
  let refusal: CodedError | undefined;
  const authz = {
    execute: async ({ query, variables = {} }: { query?: string; variables?: Record<string, unknown> }) => {
      asked.push({ query: query as string, variables });
      if (refusal && query?.includes('MayChangeUser')) {
        return { data: null, errors: [{ message: refusal.message, extensions: { code: refusal.code } }] };
      }
      return {
        data: { mayChangeUser: true, establishOrganization: true, releaseMember: true, _entities: [{ roles: [] }] },
      };
    },
  };
  const identity = useIdentity({ set: ['tenancy.mode=multi'], endpoints: { authz: authz as never } });
  let ada: SignedIn;
  let organizationId: string;

  beforeEach(async () => {
    refusal = undefined;
    ada = await identity.signedIn();
    const input = { name: `Acme ${randomUUID().slice(0, 8)}` };
    organizationId = (await ada.client.data(organizations.createOrganization, { input })).createOrganization.id;
  });

  const administrator = () => identity.in(organizationId, ada, ADMINISTRATOR);
  /** Somebody who belongs to the organization. */
  async function member(): Promise<SignedIn> {
    const bob = await identity.signedIn();
    await identity.harness.sql(
      'INSERT INTO memberships (id, tenant_id, user_id, joined_at) VALUES ($1, $2, $3, now())',
      [randomUUID(), organizationId, bob.id],
    );
    return bob;
  }
  const mayAct = async (user: SignedIn) => {
    const representations = [{ __typename: 'Session', id: user.sessionId }];
    const { _entities } = await user.client.data(organizations.actsIn, { representations, id: organizationId });
    return _entities[0].actsIn;
  };
  const stampOf = ({ id }: SignedIn) => identity.harness.revocations.read([userVersion(id)]);

  it('are listed to who may see them, newest first, in pages', async () => {
    const bob = await member();
    const first = await administrator().data(organizations.members, { id: organizationId, first: 1 });
    expect(first.organization).toMatchObject({
      memberCount: 2,
      members: { nodes: [{ status: 'ACTIVE', user: { id: bob.id, email: bob.email } }], totalCount: 2 },
    });
    const after = first.organization.members.pageInfo.endCursor;
    const second = await administrator().data(organizations.members, { id: organizationId, first: 1, after });
    expect(second.organization.members.nodes).toEqual([
      expect.objectContaining({ user: { id: ada.id, email: ada.email } }),
    ]);
    const search = bob.email.slice(0, 12);
    const found = await administrator().data(organizations.members, { id: organizationId, filter: { search } });
    expect(found.organization.members.nodes).toHaveLength(1);
    const nameless = identity.in(organizationId, ada, ['identity.member.read']);
    const hidden = await nameless.data(organizations.members, { id: organizationId, filter: { search } });
    expect(hidden.organization.members.nodes).toEqual([]);
  });

  it('are not shown by what one may see in another organization', async () => {
    const bob = await member();
    const input = { name: `Bob's ${randomUUID().slice(0, 8)}` };
    const { createOrganization: own } = await bob.client.data(organizations.createOrganization, { input });
    const elsewhere = identity.in(own.id, bob, ADMINISTRATOR);
    const { organization } = await elsewhere.data(organizations.members, { id: organizationId });
    expect(organization).toEqual({ memberCount: 2, members: null });
  });

  it('are suspended and reactivated at once, for a reason that is told', async () => {
    const bob = await member();
    const before = await stampOf(bob);
    const suspended = await administrator().data(organizations.suspendMember, { userId: bob.id, reason: 'On leave' });
    expect(suspended.suspendMember.status).toBe('SUSPENDED');
    expect(await mayAct(bob)).toBe(false);
    expect(await stampOf(bob)).not.toEqual(before);
    const error = await bob.client.error(organizations.switchOrganization, { id: organizationId });
    expect(error.extensions.code).toBe('MEMBERSHIP_SUSPENDED');
    await administrator().data(organizations.reactivateMember, { userId: bob.id });
    expect(await mayAct(bob)).toBe(true);
  });

  it('are removed at once, and authz takes their roles', async () => {
    const bob = await member();
    await administrator().data(organizations.removeMember, { userId: bob.id });
    expect(await mayAct(bob)).toBe(false);
    expect(asked.at(-1)).toEqual({ query: expect.stringContaining('ReleaseMember'), variables: { userId: bob.id } });
    const error = await administrator().error(organizations.removeMember, { userId: bob.id });
    expect(error.extensions.code).toBe('MEMBERSHIP_NOT_FOUND');
  });

  it.each([
    ['somebody of another organization', async () => (await identity.signedIn()).id],
    ['nobody', async () => randomUUID()],
    ['nonsense', async () => 'nonsense'],
  ])('are as unknown as %s', async (_who, idOf) => {
    const userId = await idOf();
    const attempts: [string, object][] = [
      [organizations.removeMember, { userId }],
      [organizations.suspendMember, { userId, reason: 'Why not' }],
      [organizations.reactivateMember, { userId }],
    ];
    for (const [operation, variables] of attempts) {
      const error = await administrator().error(operation, variables as never);
      expect(error.extensions.code).toBe('MEMBERSHIP_NOT_FOUND');
    }
  });

  it.each(['LAST_ADMINISTRATOR', 'PERMISSION_NOT_HELD'])('stay when authz says %s', async (code) => {
    const bob = await member();
    refusal = new CodedError(code, 'No.');
    const attempts: [string, object][] = [
      [organizations.removeMember, { userId: bob.id }],
      [organizations.suspendMember, { userId: bob.id, reason: 'Why not' }],
    ];
    for (const [operation, variables] of attempts)
      expect((await administrator().error(operation, variables as never)).extensions.code).toBe(code);
    const leave = identity.in(organizationId, bob).error(organizations.leaveOrganization, { id: organizationId });
    expect((await leave).extensions.code).toBe(code);
    expect(await mayAct(bob)).toBe(true);
  });

  it('need no administrator where nobody can act any more', async () => {
    const owner = identity.in(organizationId, ada, ['identity.organization.delete']);
    await owner.data(organizations.deleteOrganization, { id: organizationId });
    await ada.client.data(organizations.leaveOrganization, { id: organizationId });
    const decision = asked.filter(({ query }) => query.includes('MayChangeUser')).at(-1);
    expect(decision?.variables).toEqual({ userId: ada.id, endsSignIn: true, organizationIds: [] });
  });

  it('take their pending invitations along', async () => {
    const bob = await member();
    await identity.harness.sql(
      `INSERT INTO invitations (id, tenant_id, email, role_ids, invited_by, created_at, sent_at, expires_at)
       SELECT gen_random_uuid(), $1, who || '@example.com', '{}', who::uuid, now(), now(), 'infinity' FROM unnest($2::text[]) AS who`,
      [organizationId, [ada.id, bob.id]],
    );
    await administrator().data(organizations.suspendMember, { userId: bob.id, reason: 'x' });
    const rows = await identity.harness.sql(
      'SELECT invited_by, status FROM invitations WHERE tenant_id = $1 ORDER BY status',
      [organizationId],
    );
    expect(rows).toEqual([
      { invited_by: ada.id, status: 'PENDING' },
      { invited_by: bob.id, status: 'REVOKED' },
    ]);
  });

  it('are asked about in their organization when they leave it from another', async () => {
    const bob = await member();
    await bob.client.data(organizations.leaveOrganization, { id: organizationId });
    const decision = asked.filter(({ query }) => query.includes('MayChangeUser')).at(-1);
    expect(decision?.variables).toEqual({ userId: bob.id, endsSignIn: true, organizationIds: [organizationId] });
    expect(await mayAct(bob)).toBe(false);
  });
});
