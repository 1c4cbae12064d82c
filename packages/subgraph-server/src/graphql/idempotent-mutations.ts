import { IdempotentMutation, runMutation } from '@platform/postgres/idempotency';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { IMiddlewareResolver, IMiddlewareTypeMap } from 'graphql-middleware/types';
import type { SubgraphContext } from './subgraph-context.js';

type Middleware = IMiddlewareResolver<unknown, SubgraphContext>;

/** The middleware by which root fields of mutations run under the request's idempotency key. @param repeatable fields that do not */
export function idempotentMutations(
  schema: GraphQLSchema,
  repeatable: readonly string[] = [],
): IMiddlewareTypeMap<unknown, SubgraphContext> {
  const fields = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const unknown = repeatable.filter((name) => !fields.includes(name));
  if (unknown.length > 0) throw new Error(`There is no mutation ${unknown.join(', ')} to be repeatable`);
  const once = fields.filter((name) => !repeatable.includes(name));
  return once.length > 0 ? { Mutation: Object.fromEntries(once.map((name) => [name, underKey])) } : {};
}

const underKey: Middleware = (resolve, parent, args, context, info: GraphQLResolveInfo) =>
  context.idempotency
    ? runMutation(new IdempotentMutation(context.idempotency, String(info.path.key)), () =>
        resolve(parent, args, context, info),
      )
    : resolve(parent, args, context, info);
