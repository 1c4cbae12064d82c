import { audit } from '@platform/audit';
import { authz } from '@platform/authz';
import { blog } from '@platform/blog';
import { permissions } from '@platform/contracts';
import { identity } from '@platform/identity';
import { serviceCaller, userCaller } from '@platform/kernel/auth';
import type { AnySubgraphDefinition } from '@platform/kernel/subgraph';
import { buildASTSchema, parse } from 'graphql';
import { leavesOf } from './leaves.js';

const ADA = '018f0000-0000-7000-8000-00000000000a';
const TENANT = '00000000-0000-7000-8000-000000000001';

export const SUBGRAPHS = [identity, authz, audit, blog] as unknown as AnySubgraphDefinition[];

/** Callers with every permission: each field lets one of them in. */
export const CALLERS = [
  userCaller(ADA, ADA, TENANT, Object.keys(permissions)),
  serviceCaller('router', TENANT, Object.keys(permissions)),
];

/** Of a subgraph that does nothing but answer calls. */
export const callsAlone = ({ name }: AnySubgraphDefinition) => ({
  background: false,
  set: [
    ...['events.relay=false', 'database.poolMax=20', 'database.queue=10000'],
    ...(name === 'audit' ? ['audit.checkpointInterval=24h'] : []),
  ],
});

export interface Call {
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const plain = (scalar: string, _field: string, name: string): unknown => {
  const texts: Record<string, string> = {
    permission: 'blog.post.read',
    email: 'someone@example.com',
    password: 'a rather long password',
    contentType: 'image/png',
  };
  const others: Record<string, unknown> = {
    ID: ADA,
    Int: 1,
    Boolean: true,
    DateTime: '2026-01-01T00:00:00Z',
    JSON: {},
  };
  return others[scalar] ?? texts[name] ?? 'text';
};

/** A call of every root field, and of every kind of entity. */
export function callsOf(typeDefs: string): Call[] {
  const schema = buildASTSchema(parse(typeDefs), { assumeValidSDL: true });
  const leaves = leavesOf(schema, plain).filter(
    ({ name, kind }) => /^(Query|Mutation)\./.test(name) && kind !== 'subscription',
  );
  const byField = new Map(leaves.map((leaf) => [leaf.name.replace(/\(.*/, ''), leaf]));
  const fields = [...byField].map(([name, leaf]) => ({
    name,
    query: leaf.document,
    variables: leaf.variables(plain(leaf.scalar, '', '')),
  }));
  const entities = Object.values(schema.getTypeMap())
    .filter(({ astNode }) => astNode?.directives?.some(({ name }) => name.value === 'key'))
    .map(({ name }) => ({
      name,
      query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${name} { id } } }`,
      variables: { of: [{ __typename: name, id: ADA }] },
    }));
  return [...fields, ...entities];
}
