import { randomUUID } from 'node:crypto';
import { NO_ORGANIZATION } from '@platform/auth';
import { ABLE, everyCode, revokeRoles } from './authz-under-test.js';
import { useOrganizations } from './organizations-under-test.js';

const mayChange = `query ($userId: ID!, $endsSignIn: Boolean!, $organizationIds: [ID!]!) {
  mayChangeUser(userId: $userId, endsSignIn: $endsSignIn, organizationIds: $organizationIds)
}`;

describe('the last administrator of an organization', () => {
  const authz = useOrganizations();
  const LAST = { code: 'LAST_ADMINISTRATOR' };
  /** What becomes of the question whether an operator may change the user, in the default organization unless it is another. */
  const answer = async (variables: Record<string, unknown>, organizationId = authz.harness.tenantId) => {
    const operator = authz.userIn(organizationId, randomUUID(), everyCode);
    const { errors } = await operator.request(mayChange, { endsSignIn: true, ...variables });
    return errors?.[0]?.extensions ?? 'allowed';
  };
  /** Another administrator of the organization. */
  const another = async (organizationId: string) =>
    authz.admitted(organizationId, [await authz.roleIn(organizationId, 'admin')]);

  it('is kept by every organization, whoever administers another one', async () => {
    const [one, two] = [await authz.founded(), await authz.founded()];
    const variables = async ({ id, administrator }: typeof one) => ({
      userId: administrator,
      roleIds: [await authz.roleIn(id, 'admin')],
    });
    for (const organization of [one, two])
      expect(
        (await authz.userIn(organization.id).error(revokeRoles, await variables(organization))).extensions,
      ).toEqual(LAST);
    await another(one.id);
    await authz.userIn(one.id).data(revokeRoles, await variables(one));
    expect((await authz.userIn(two.id).error(revokeRoles, await variables(two))).extensions).toEqual(LAST);
  });

  it('can neither leave it nor be deleted, until somebody else can administer it', async () => {
    const { id, administrator: userId } = await authz.founded();
    const organizationIds = [id];
    expect(await answer({ userId, organizationIds }, id)).toEqual(LAST);
    expect(await answer({ userId, organizationIds })).toEqual(LAST);
    expect(await answer({ userId, organizationIds: [id.toUpperCase()] }, NO_ORGANIZATION)).toEqual(LAST);
    expect(await answer({ userId, organizationIds, endsSignIn: false })).toBe('allowed');

    await another(id);
    expect(await answer({ userId, organizationIds }, id)).toBe('allowed');
    expect(await answer({ userId, organizationIds })).toBe('allowed');
  });

  it('may go where identity does not name the organization, and what is no id names none', async () => {
    const { id, administrator: userId } = await authz.founded();
    for (const organizationIds of [[], ['', 'x', `${id}0`], [authz.harness.tenantId]])
      expect(await answer({ userId, organizationIds }, id)).toBe('allowed');
    expect(await answer({ userId, organizationIds: ['x', authz.harness.tenantId, id, id] }, id)).toEqual(LAST);
  });

  it('is last in one of several that they administer', async () => {
    const organizations = [await authz.founded(), await authz.founded(), await authz.founded()];
    const organizationIds = organizations.map(({ id }) => id);
    const userId = authz.account();
    for (const id of organizationIds) await authz.admitted(id, [await authz.roleIn(id, 'admin')], userId);
    expect(await answer({ userId, organizationIds })).toBe('allowed');

    const { id, administrator } = organizations[1] as (typeof organizations)[number];
    authz.accounts.set(administrator, { ...ABLE, status: 'LOCKED', canSignIn: false });
    expect(await answer({ userId, organizationIds })).toEqual(LAST);
    expect(await answer({ userId, organizationIds: organizationIds.filter((one) => one !== id) })).toBe('allowed');
    await another(id);
    expect(await answer({ userId, organizationIds })).toBe('allowed');
  });

  it('is last where the others are members no more, or suspended', async () => {
    const { id, administrator: userId } = await authz.founded();
    const other = await another(id);
    expect(await answer({ userId, organizationIds: [id] })).toBe('allowed');
    authz.members.get(id)?.delete(other);
    expect(await answer({ userId, organizationIds: [id] })).toEqual(LAST);
  });

  it('waits for an administrator who is being changed', async () => {
    const { id, administrator: userId } = await authz.founded();
    const other = await another(id);
    authz.accounts.set(other, { ...ABLE, changing: true });
    expect(await answer({ userId, organizationIds: [id] })).toEqual({ code: 'ADMINISTRATORS_CHANGING' });
  });
});
