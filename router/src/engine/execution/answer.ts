import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { type Refusal, refusalError } from '../authorization/refusals.js';
import type { Rights } from '../authorization/rights.js';
import type { SubgraphResponse } from '../endpoint.js';
import { UnsupportedPlan } from '../errors.js';
import type { PermittedOperation } from '../operation/permitted-operation.js';
import type { Variables } from '../operation/variables.js';
import type { DataObject } from '../plan/data.js';
import { ErrorTree } from '../projection/error-tree.js';
import { Projection } from '../projection/project.js';
import type { ObjectShape } from '../projection/shapes.js';
import { Execution, type ExecutionRequest, type ExecutionResources } from './execution.js';

export interface ExecutionResult {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

interface Authorized {
  readonly permitted: PermittedOperation;
  readonly rights: Rights;
}

/** Runs what an operation may run and shapes the answer; with `event`, the answer to that event of a subscription. */
export async function answer(
  resources: ExecutionResources,
  { permitted, rights }: Authorized,
  request: ExecutionRequest,
  event?: SubgraphResponse,
): Promise<ExecutionResult> {
  const { variables } = request;
  const refusals = permitted.refusals.size > 0 ? permitted.activeRefusals(variables) : [];
  if (permitted.operation.type === OperationTypeNode.MUTATION && refusals.some(({ path }) => path.length === 1)) {
    return result(null, refusalErrors(refusals, rights));
  }

  const { plan, shape } = permitted.variant(variables);
  const execution = plan && new Execution(resources, request, plan, shape);
  if (plan?.primary) {
    if (!event) throw new UnsupportedPlan('A subscription as a single answer');
    execution?.begin(plan.primary, event);
  }
  await execution?.run();

  const data = execution?.data ?? {};
  const errors = execution ? execution.report.forClient(shape) : [];
  errors.push(...introspect(permitted, variables, data));

  const explained = explanations(errors, execution?.stopped ? neverBegun(shape, data) : []);
  const projection = new Projection(explained, rights);
  const projected = projection.root(shape, data);
  const unmet = refusals.filter((refusal) => !projection.answered.has(refusal));
  return result(projected, [...errors, ...projection.errors, ...refusalErrors(unmet, rights)]);
}

/** One error per path, although fragments may select it more than once. */
function refusalErrors(refusals: readonly Refusal[], rights: Rights): GraphQLFormattedError[] {
  const byPath = new Map(refusals.map((refusal) => [refusal.path.join('.'), refusal]));
  return [...byPath.values()].map((refusal) => refusalError(refusal, refusal.path, rights));
}

function introspect(
  { operation }: PermittedOperation,
  variables: Variables,
  data: DataObject,
): readonly GraphQLFormattedError[] {
  if (!operation.introspection) return [];
  const introspected = operation.introspection.answer(variables);
  Object.assign(data, introspected.data);
  return introspected.errors;
}

function explanations(errors: readonly GraphQLFormattedError[], others: readonly string[]): ErrorTree | undefined {
  if (errors.length === 0 && others.length === 0) return undefined;
  const tree = new ErrorTree();
  for (const { path } of errors) if (path) tree.add(path);
  for (const name of others) tree.add([name]);
  return tree;
}

/** Root fields of a mutation that was stopped before their turn: they are null without an error of their own. */
const neverBegun = (shape: ObjectShape, data: DataObject): string[] =>
  shape.fields.filter(({ key }) => data[key] === undefined).map(({ name }) => name);

const result = (data: Record<string, unknown> | null, errors: readonly GraphQLFormattedError[]): ExecutionResult =>
  errors.length > 0 ? { data, errors } : { data };
