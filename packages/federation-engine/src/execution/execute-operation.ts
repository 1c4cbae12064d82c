import { type GraphQLFormattedError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { AuthorizationContext } from '../authorization/authorization-context.js';
import { authorizationError, type UnauthorizedSelection } from '../authorization/unauthorized-selections.js';
import type { DataObject } from '../base/data.js';
import type { SubgraphResponse } from '../base/endpoint.js';
import { UnsupportedPlan } from '../base/errors.js';
import type { IntrospectedField, IntrospectionAnswer } from '../operation/introspection.js';
import type { AuthorizedOperation } from '../prepared/authorized-operation.js';
import type { PreparedOperation } from '../prepared/prepared-operation.js';
import { ErrorTree } from '../projection/error-tree.js';
import { type Memo, type Reader, SerializationRun } from '../projection/serialization-run.js';
import type { ObjectShape } from '../projection/shapes.js';
import { Execution } from './execution.js';
import type { ExecutionRequest, ExecutionResources } from './execution-request.js';
import type { ExecutionResult } from './response-builder.js';

/** Runs what an operation may run and shapes the answer; with `event`, the answer to that event of a subscription. */
export async function executeOperation(
  resources: ExecutionResources,
  prepared: PreparedOperation,
  request: ExecutionRequest,
  event?: SubgraphResponse,
): Promise<ExecutionResult> {
  const { builder } = resources;
  const { authorized, authorization, unauthorized } = prepared;
  if (isFullyDenied(authorized, unauthorized)) {
    builder.begin();
    builder.out.text('null');
    return builder.finish(authorizationErrors(unauthorized, authorization));
  }

  if (prepared.isIncremental) throw new UnsupportedPlan('An answer in parts as a single one');
  const { plan, shape, serializer } = prepared.planned;
  const execution = plan && new Execution(resources, request, plan, shape);
  if (plan?.primary) {
    if (!event) throw new UnsupportedPlan('A subscription as a single answer');
    execution?.begin(plan.primary, event);
  }
  await execution?.run();

  const data = execution?.data.root ?? {};
  const errors = execution ? execution.report.forClient(shape, neededBy(authorized)) : [];

  const explained = knownErrorPaths(errors, execution?.stopped ? unexecutedRootFields(shape, data) : []);
  const run = new SerializationRun(
    builder.out,
    explained,
    readerOf(resources, prepared),
    execution?.data.repeated ?? noneRepeated,
  );
  builder.begin();
  serializer.write(data, run);
  const unmet = unauthorized.filter((denied) => !run.answered.has(denied));
  errors.push(...run.errors, ...authorizationErrors(unmet, authorization));
  return builder.finish(errors, data, execution?.calls.freshness);
}

/** Which fields may have been fetched for others, by name. */
export function neededBy({ operation }: AuthorizedOperation): (field: string) => boolean {
  const { names } = operation.supergraph.requiresFields;
  return (field) => names.has(field);
}

/** Of a mutation with a refused root field. */
export const isFullyDenied = (
  { operation }: AuthorizedOperation,
  unauthorized: readonly UnauthorizedSelection[],
): boolean => operation.type === OperationTypeNode.MUTATION && unauthorized.some(({ path }) => path.length === 1);

export const noneRepeated: ReadonlyMap<unknown, Memo> = new Map();

/** One error per path, although fragments may select it more than once. */
export function authorizationErrors(
  unauthorized: readonly UnauthorizedSelection[],
  authorization: AuthorizationContext,
): GraphQLFormattedError[] {
  const byPath = new Map(unauthorized.map((denied) => [denied.path.join('.'), denied]));
  return [...byPath.values()].map((denied) => authorizationError(denied, denied.path, authorization));
}

/** Whoever may have more is shown more of the schema. */
export function readerOf(
  { visibleSchema, responses }: ExecutionResources,
  { authorization, variables }: PreparedOperation,
): Reader {
  let schema: GraphQLSchema | undefined;
  const answers = new Map<IntrospectedField, IntrospectionAnswer>();
  return {
    authorization,
    introspect: (field) => {
      schema ??= visibleSchema(authorization);
      const answer = answers.get(field) ?? field.answer(schema, variables);
      answers.set(field, answer);
      return answer;
    },
    maxBytes: responses.perOperation,
  };
}

/** Why values are missing, as far as it is known before anything is written. */
export function knownErrorPaths(
  errors: readonly GraphQLFormattedError[],
  others: readonly string[],
): ErrorTree | undefined {
  if (errors.length === 0 && others.length === 0) return undefined;
  const tree = new ErrorTree();
  for (const { path } of errors) if (path) tree.add(path);
  for (const name of others) tree.add([name]);
  return tree;
}

/** Root fields of a mutation that was stopped before their turn: they are null without an error of their own. */
export const unexecutedRootFields = (shape: ObjectShape, data: DataObject): string[] =>
  shape.fields.filter(({ key }) => data[key] === undefined).map(({ name }) => name);
