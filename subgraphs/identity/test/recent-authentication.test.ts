import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissions } from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import {
  buildASTSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { useIdentity } from './identity-under-test.js';

const schema = buildASTSchema(
  parse(readFileSync(join(projectRoot(), 'subgraphs', 'identity', 'schema.graphql'), 'utf8')),
  { assumeValidSDL: true },
);
const sensitive = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(({ description }) =>
  description?.includes('Needs a recent authentication'),
);

const CODES = Object.keys(permissions);

describe('a mutation that says it needs a recent authentication', () => {
  const identity = useIdentity();

  /** A value that is valid as far as its type tells. */
  const exampleOf = (type: GraphQLInputType, user: string): unknown => {
    if (isNonNullType(type)) return exampleOf(type.ofType, user);
    if (isListType(type)) return [];
    const named = getNamedType(type);
    if (isEnumType(named)) return named.getValues()[0]?.name;
    if (!isInputObjectType(named)) return { ID: user, Boolean: true, Int: 1 }[named.name] ?? 'https://example.com';
    const required = Object.values(named.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, exampleOf(field.type, user)]));
  };
  const call = ({ name, args, type }: GraphQLField<unknown, unknown>, user: string) => {
    const declared = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
    const passed = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
    const selection = isObjectType(getNamedType(type)) ? ' { __typename }' : '';
    const document = `mutation ${declared && `(${declared})`} { ${name}${passed && `(${passed})`}${selection} }`;
    return [
      document,
      Object.fromEntries(args.map((argument) => [argument.name, exampleOf(argument.type, user)])),
    ] as const;
  };

  it('is found in the schema', () => {
    expect(sensitive.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['enrollTotp', 'beginPasskeyRegistration', 'resetUserMfa', 'deleteOrganization']),
    );
  });

  it.each(sensitive.map((mutation) => [mutation.name, mutation] as const))('%s', async (_, mutation) => {
    const { id, sessionId } = await identity.signedIn();
    const client = identity.harness.asUser(id, CODES, sessionId);
    const [document, variables] = call(mutation, id);
    identity.harness.clock.advance(15 * 60_000);
    const { extensions } = await client.error(document, variables);
    expect(extensions).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED', maxAge: 900, methods: ['PASSWORD'] });
    const machine = await identity.harness.asUser(id, CODES).error(document, variables);
    expect(machine.extensions.code).toBe('SESSION_REQUIRED');
  });
});
