import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissions } from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import { subgraphNames } from '@platform/runtime/modules';
import type { Target } from '@platform/subgraph-server/subgraph';
import {
  buildASTSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  valueFromASTUntyped,
} from 'graphql';
import { everyCode, useIdentityWithAuthz } from './identity-with-authz.js';

type Mutation = GraphQLField<unknown, unknown>;
const NAMES = subgraphNames;

const schemaOf = (name: string): GraphQLSchema => {
  const sdl = readFileSync(join(projectRoot(), 'subgraphs', name, 'schema.graphql'), 'utf8');
  return buildASTSchema(parse(sdl), { assumeValidSDL: true });
};
const mutationsOf = (name: string): Mutation[] => Object.values(schemaOf(name).getMutationType()?.getFields() ?? {});

/** The first permission by which the router admits callers. */
const policyOf = ({ name, astNode }: Mutation): string => {
  const directive = astNode?.directives?.find((each) => each.name.value === 'policy');
  const policies = directive?.arguments?.[0] && (valueFromASTUntyped(directive.arguments[0].value) as string[][]);
  if (!policies?.[0]?.[0]) throw new Error(`${name} has no policy`);
  return policies[0][0];
};

/** Names of arguments and input fields that hold ids of users. */
const userIdsAmong = ({ args }: Mutation): string[] =>
  args.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    const within = isInputObjectType(named) ? Object.keys(named.getFields()) : [];
    return [name, ...within].filter((each) => /^(user|member|owner|author|actor)(Ids?)$/i.test(each));
  });

/** What everyone with an account holds. */
const codesOfUsers = Object.entries<{ grantedTo: readonly string[] }>(permissions)
  .filter(([, { grantedTo }]) => grantedTo.includes('user'))
  .map(([code]) => code);

/** Mutations that take the id of a user and change nothing about them, or that no user can send. */
const NAMING_ALONE = {
  recordAuditEntry: 'says who did something',
  exportAuditEntries: 'picks the entries about somebody',
  admitMember: 'is for services alone: identity has decided',
  releaseMember: 'is for services alone: identity has decided',
};

describe('acting on people', () => {
  const people = useIdentityWithAuthz({ set: ['tenancy.mode=multi'] });
  let administratorsRole: string;
  let usersRole: string;
  beforeAll(async () => {
    administratorsRole = await people.roleId('admin');
    usersRole = await people.roleId('user');
  });

  /** Values for what a mutation needs; ids other than the target's are those of the role of users. */
  const exampleOf = (type: GraphQLInputType): unknown => {
    if (isNonNullType(type)) return exampleOf(type.ofType);
    if (isListType(type)) return [exampleOf(type.ofType)];
    if (isEnumType(type)) return type.getValues()[0]?.name;
    if (isInputObjectType(type)) return {};
    return { ID: usersRole, String: 'blog.post.create', Boolean: true, Int: 1 }[getNamedType(type).name];
  };
  const call = (subgraph: 'identity' | 'authz', mutation: Mutation, target: string, id: string) => {
    const variables = Object.fromEntries(
      mutation.args
        .filter(({ type }) => isNonNullType(type))
        .map(({ name, type }) => [name, name === target ? id : exampleOf(type)]),
    );
    const given = mutation.args.filter(({ name }) => name in variables);
    const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
    const selection = isObjectType(getNamedType(mutation.type)) ? '{ __typename }' : '';
    const document = `mutation (${declared}) { ${mutation.name}(${passed}) ${selection} }`;
    return async (userId: string | undefined, codes: readonly string[]) => {
      const client = await people.inSession(subgraph, userId, codes);
      return (await client.request(document, variables)).errors?.[0]?.extensions?.['code'];
    };
  };

  const declared = (kind: Target['kind']) =>
    (['identity', 'authz'] as const).flatMap((subgraph) =>
      mutationsOf(subgraph).flatMap((mutation) => {
        const target = people.targets[subgraph][mutation.name];
        return target?.kind === kind && 'argument' in target ? [{ subgraph, mutation, argument: target.argument }] : [];
      }),
    );

  it('is declared by every mutation that takes the id of a user', () => {
    const undeclared = NAMES.flatMap((name) =>
      mutationsOf(name)
        .filter((mutation) => userIdsAmong(mutation).length > 0 && !(mutation.name in NAMING_ALONE))
        .filter(({ name: field }) => people.targets[name as 'identity']?.[field]?.kind !== 'user')
        .map(({ name: field }) => `${name}: ${field}`),
    );
    expect(undeclared).toEqual([]);
  });

  it('takes all that they hold: refused by every mutation that acts on a user', async () => {
    const mutations = declared('user');
    expect(mutations.map(({ mutation }) => mutation.name)).toEqual(
      expect.arrayContaining([
        'updateUser',
        'lockUser',
        'unlockUser',
        'deleteUser',
        'revokeUserSessions',
        'revokeRoles',
      ]),
    );
    await people.administrator();
    for (const { subgraph, mutation, argument } of mutations) {
      const id = await people.administrator();
      const run = call(subgraph, mutation, argument, id);
      const weak = [policyOf(mutation), ...codesOfUsers];
      expect([mutation.name, await run(undefined, weak)]).toEqual([mutation.name, 'PERMISSION_NOT_HELD']);
      const almost = everyCode.filter((code) => code !== 'audit.entry.export');
      expect([mutation.name, await run(undefined, almost)]).toEqual([mutation.name, 'PERMISSION_NOT_HELD']);
      expect([mutation.name, await run(id, weak)]).toEqual([mutation.name, undefined]); // oneself
      const other = call(subgraph, mutation, argument, await people.administrator());
      expect([mutation.name, await other(undefined, everyCode)]).toEqual([mutation.name, undefined]);
    }
  });

  it('is allowed on those who hold no more than the caller', async () => {
    for (const { subgraph, mutation, argument } of declared('user')) {
      const run = call(subgraph, mutation, argument, await people.person());
      expect([mutation.name, await run(undefined, [policyOf(mutation), ...codesOfUsers])]).toEqual([
        mutation.name,
        undefined,
      ]);
    }
  });

  it('takes all that those hold who lose something with a role', async () => {
    const create = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }';
    const assign =
      'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }';
    const role = async (...permissions: string[]): Promise<string> => {
      const input = { name: `role-${crypto.randomUUID()}`, permissions };
      return (await people.as('authz').data(create, { input })).createRole.id;
    };
    for (const { mutation, argument } of declared('roleHolders')) {
      const codes = [policyOf(mutation), 'blog.post.create'];
      const run = (id: string) => call('authz', mutation, argument, id)(undefined, codes);
      const strong = await people.person();
      const [taken, more] = [await role('blog.post.create'), await role('audit.entry.read')];
      await people.authz.sql('DELETE FROM assignments WHERE user_id = $1', [strong]);
      await people.as('authz').data(assign, { userId: strong, roleIds: [taken, more] });
      await people.authz.sql(
        'DELETE FROM assignments USING roles WHERE roles.id = role_id AND user_id = $1 AND name = $2',
        [strong, 'user'],
      );
      expect([mutation.name, await run(taken)]).toEqual([mutation.name, 'PERMISSION_NOT_HELD']);

      await people.as('authz').data(assign, { userId: strong, roleIds: [await role('blog.post.create')] });
      expect([mutation.name, await run(taken)]).toEqual([mutation.name, undefined]); // nobody loses anything
    }
  });

  it('takes all that those hold who lose something with the role of guests, which everybody has', async () => {
    const revoke =
      'mutation ($roleId: ID!, $permissions: [String!]!) { revokePermissions(roleId: $roleId, permissions: $permissions) { id } }';
    const take = async (roleId: string) =>
      (
        await people
          .as('authz', undefined, ['authz.permission.grant', 'blog.post.read'])
          .request(revoke, { roleId, permissions: ['blog.post.read'] })
      ).errors?.[0]?.extensions?.['code'];
    const strong = await people.person();
    const create = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }';
    const input = { name: `auditors-${crypto.randomUUID()}`, permissions: ['audit.entry.read', 'blog.post.read'] };
    const { createRole } = await people.as('authz').data(create, { input });
    const change = (field: string, roleIds: string[]) =>
      people
        .as('authz')
        .data(`mutation ($userId: ID!, $roleIds: [ID!]!) { ${field}(userId: $userId, roleIds: $roleIds) { id } }`, {
          userId: strong,
          roleIds,
        });
    await change('assignRoles', [createRole.id]);
    await change('revokeRoles', [usersRole]);

    expect(await take(createRole.id)).toBeUndefined(); // guests may read: nobody loses anything
    expect(await take(await people.roleId('guest'))).toBe('PERMISSION_NOT_HELD');
  });

  it('sees a role that is being given: nobody begins to change somebody who becomes an administrator', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await people.person();
      const assign =
        'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }';
      const update = 'mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { id } }';
      const weak = ['identity.user.update', 'blog.post.create', 'blog.post.update', 'blog.post.delete'];
      const [given, changed] = await Promise.all([
        people.as('authz').request(assign, { userId: id, roleIds: [administratorsRole] }),
        people
          .as('identity', undefined, [...weak, 'blog.post.publish', 'blog.comment.create', 'blog.post.read'])
          .request(update, { id, input: { firstName: 'Eve' } }),
      ]);
      expect(given.errors).toBeUndefined();
      expect([undefined, 'PERMISSION_NOT_HELD']).toContain(changed.errors?.[0]?.extensions?.['code']);
    }
  });
});
