import { type GraphQLFormattedError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { type Refusal, refusalError } from '../authorization/refusals.js';
import type { Rights } from '../authorization/rights.js';
import type { SubgraphResponse } from '../endpoint.js';
import { UnsupportedPlan } from '../errors.js';
import type { PermittedOperation } from '../operation/permitted-operation.js';
import type { Variables } from '../operation/variables.js';
import type { DataObject } from '../plan/data.js';
import { ErrorTree } from '../projection/error-tree.js';
import { Projection } from '../projection/project.js';
import { type Memo, out, SerializationRun } from '../projection/serialize.js';
import type { ObjectShape } from '../projection/shapes.js';
import { Execution, type ExecutionRequest, type ExecutionResources } from './execution.js';

/** The answer to an operation. It is there as JSON from the start; `data` is made an object for those who look at it. */
export interface ExecutionResult {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
  /** What the subgraphs gave, in one tree; not to be changed. */
  merged?(): Readonly<DataObject>;
  /** The whole answer as JSON. Several may hold it: it must not be changed. */
  json(): Buffer;
}

/** An operation after authorization: what is left of it, and for whom. */
export interface Authorized {
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
    out.begin();
    out.text('{"data":null');
    return result(() => null, refusalErrors(refusals, rights));
  }

  const { plan, shape, serializer } = permitted.variant(variables, request.overrides);
  const execution = plan && new Execution(resources, request, plan, shape);
  if (plan?.primary) {
    if (!event) throw new UnsupportedPlan('A subscription as a single answer');
    execution?.begin(plan.primary, event);
  }
  await execution?.run();

  const data = execution?.data ?? {};
  const { requirements } = permitted.operation.supergraph;
  const errors = execution ? execution.report.forClient(shape, (field) => requirements.names.has(field)) : [];
  errors.push(...introspect(permitted, variables, data, () => resources.visibleSchema(rights)));

  const explained = explanations(errors, execution?.stopped ? neverBegun(shape, data) : []);
  const run = new SerializationRun(out, explained, rights, execution?.repeated ?? noneRepeated);
  out.begin();
  out.raw(BEGINNING);
  serializer.write(data, run);
  const unmet = refusals.filter((refusal) => !run.answered.has(refusal));
  errors.push(...run.errors, ...refusalErrors(unmet, rights));
  return result(() => new Projection(explained, rights).root(shape, data), errors, data);
}

const BEGINNING = new TextEncoder().encode('{"data":');

const noneRepeated: ReadonlyMap<unknown, Memo> = new Map();

/** One error per path, although fragments may select it more than once. */
function refusalErrors(refusals: readonly Refusal[], rights: Rights): GraphQLFormattedError[] {
  const byPath = new Map(refusals.map((refusal) => [refusal.path.join('.'), refusal]));
  return [...byPath.values()].map((refusal) => refusalError(refusal, refusal.path, rights));
}

function introspect(
  { operation }: PermittedOperation,
  variables: Variables,
  data: DataObject,
  visible: () => GraphQLSchema,
): readonly GraphQLFormattedError[] {
  if (!operation.introspection) return [];
  const introspected = operation.introspection.answer(visible(), variables);
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

/** Takes what has been written: `{"data":…`. */
function result(
  project: () => ExecutionResult['data'],
  errors: readonly GraphQLFormattedError[],
  merged?: DataObject,
): ExecutionResult {
  if (errors.length > 0) out.text(`,"errors":${JSON.stringify(errors)}`);
  out.text('}');
  const bytes = out.take();
  let projected: ExecutionResult['data'] | undefined;
  return {
    get data() {
      if (projected === undefined) projected = project();
      return projected;
    },
    ...(errors.length > 0 && { errors }),
    ...(merged && { merged: () => merged }),
    json: () => bytes,
  };
}
