import { randomUUID } from 'node:crypto';
import { NO_ORGANIZATION } from '@platform/auth';
import type { SubgraphClient } from '@platform/testkit';
import { useAuthz } from './authz-under-test.js';
import { organizationCodes, useOrganizations } from './organizations-under-test.js';

const memberships = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Membership { organization { id } user { id } roles { name userCount permissions { code } } }
} }`;
const reference = (organizationId: string, userId: string) => ({
  __typename: 'Membership',
  organization: { id: organizationId },
  user: { id: userId },
});
const ask = async (caller: SubgraphClient, ...representations: object[]) =>
  (await caller.data(memberships, { representations }))._entities;

describe('the roles of a membership', () => {
  const authz = useOrganizations();

  it('are those of each organization, for the member, whichever organization they act in', async () => {
    const [one, two] = [await authz.founded(), await authz.founded()];
    const userId = one.administrator;
    const role = await authz.newRoleIn(two.id, ['audit.entry.read']);
    await authz.admitted(two.id, [role.id], userId);
    await authz.admitted(two.id, [role.id]);
    const expected = [
      {
        organization: { id: one.id },
        user: { id: userId },
        roles: [{ name: 'admin', userCount: 1, permissions: organizationCodes.map((code) => ({ code })) }],
      },
      {
        organization: { id: two.id },
        user: { id: userId },
        roles: [{ name: role.name, userCount: 2, permissions: [{ code: 'audit.entry.read' }] }],
      },
    ];
    for (const active of [one.id, two.id, NO_ORGANIZATION]) {
      const caller = authz.userIn(active, userId, []);
      expect(await ask(caller, reference(one.id, userId), reference(two.id, userId.toUpperCase()))).toEqual(expected);
    }
  });

  it('are shown of others in the organization that one acts in, to those who may read roles there', async () => {
    const [own, foreign] = [await authz.founded(), await authz.founded()];
    const member = await authz.admitted(own.id);
    await authz.admitted(foreign.id, [], member);
    const both = [reference(own.id, member), reference(foreign.id, member)];
    const rolesSeenBy = async (caller: SubgraphClient) =>
      (await ask(caller, ...both)).map(({ roles }: { roles: { name: string }[] | null }) =>
        roles?.map(({ name }) => name),
      );

    expect(await rolesSeenBy(authz.userIn(own.id, randomUUID(), ['authz.role.read']))).toEqual([['user'], undefined]);
    for (const caller of [
      authz.userIn(own.id, randomUUID(), ['authz.role.assign']),
      authz.harness.asAnonymous(),
      authz.identityIn(own.id),
    ])
      expect(await rolesSeenBy(caller)).toEqual([undefined, undefined]);
  });

  it('are none where there is no such membership', async () => {
    const { id } = await authz.founded();
    const userId = authz.account();
    const caller = authz.userIn(NO_ORGANIZATION, userId, []);
    const entities = await ask(caller, reference(id, userId), reference(randomUUID(), userId), reference('x', userId));
    expect(entities.map((entity: { roles: unknown } | null) => entity?.roles)).toEqual([[], [], undefined]);
  });

  it('are nothing, without an error, where the representation is not whole', async () => {
    const { id, administrator } = await authz.founded();
    const { organization, user, __typename } = reference(id, administrator);
    const parts = [{}, { organization }, { user }, { organization: null, user }, { organization: {}, user: {} }];
    const entities = await ask(authz.userIn(id), ...parts.map((part) => ({ __typename, ...part })));
    expect(entities).toEqual(parts.map(() => null));
  });

  it('of fifty members take as many statements as of five', async () => {
    const { id } = await authz.founded();
    const references: object[] = [];
    for (let count = 0; count < 50; count += 1)
      references.push(reference(id, await authz.admitted(id, [(await authz.newRoleIn(id, ['audit.entry.read'])).id])));
    const statements = (count: number) => authz.statements(() => ask(authz.userIn(id), ...references.slice(0, count)));
    expect(await statements(50)).toBe(await statements(5));
  });
});

describe('where there is one organization, the roles of a membership', () => {
  const authz = useAuthz();

  it('are those of the user, also of one who has just registered', async () => {
    const newcomer = randomUUID();
    authz.accounts.set(newcomer, { status: 'ACTIVE', canSignIn: true, changing: false });
    const [membership] = await ask(authz.harness.asUser(newcomer), reference(authz.harness.tenantId, newcomer));
    expect(membership.roles).toMatchObject([{ name: 'user' }]);
  });
});
