import { filterMap } from '@platform/foundation/streams';
import { OperationTypeNode } from 'graphql';
import { audienceOf } from '../caching/index.js';
import type { ResponseHeaderPropagation } from '../headers/index.js';
import { type Answer, hasData, type OperationContext, type Result, type StreamAnswer } from '../operation.js';
import type { AnswerStage } from '../stage.js';

/** On whose behalf a subgraph is called, and where the request comes from. */
export type SubgraphCaller = Pick<OperationContext<'caller'>, 'requestId' | 'caller' | 'headers' | 'idempotency'> &
  Partial<Pick<OperationContext, 'clientIp' | 'userAgent'>>;

/** The headers that a subgraph gets. Nothing of the client's passes but what is put in here. */
export type SubgraphHeaders = (on: SubgraphCaller, subgraph: string) => Promise<Record<string, string>>;

interface PlanExecution {
  readonly headers: SubgraphHeaders;
  readonly passed: ResponseHeaderPropagation;
  /** Whether answers of subgraphs are kept. */
  readonly caching: boolean;
}

/** Runs the plan. The last stage: it answers. */
export const executePlan =
  ({
    headers,
    passed,
    caching,
  }: PlanExecution): AnswerStage<'engine' | 'caller' | 'operation' | 'idempotency' | 'rights' | 'prepared'> =>
  async (context): Promise<Answer> => {
    const { engine, caller, operation, rights, prepared } = context;
    let replayed = false;
    const received = passed.collector();
    const input = {
      headers: (subgraph: string) => headers(context, subgraph),
      signal: context.signal,
      tenant: caller.tenantId,
      ...(caching && { cachePartition: audienceOf(caller, rights, operation) }),
      received,
      onReplayed: () => {
        replayed = true;
      },
    };
    const answer = await engine.executeIncremental(prepared, input);
    if (Symbol.asyncIterator in answer) return inParts(answer, replayed);
    const isMutation = operation.node.operation === OperationTypeNode.MUTATION;
    const passing = received && { passed: passed.of(received, isMutation) };
    if (replayed) return { result: markedAsReplayed(answer), headers: REPLAYED, ...passing };
    return { result: answer, ...postponed(answer), ...passing };
  };

/** An operation that came to nothing and may be tried again says when; because of a rate limit it is 429, so that clients and proxies hold back. */
function postponed(result: Result): { status?: number; headers?: Record<string, string> } {
  const of = (...codes: string[]) => result.errors?.find(({ extensions }) => codes.includes(String(extensions?.code)));
  const throttled = of('RATE_LIMITED');
  const refused = throttled ?? of('SERVICE_UNAVAILABLE', 'SERVICE_BUSY');
  if (!refused || hasData(result)) return {};
  const headers = { 'retry-after': String(refused.extensions?.retryAfter ?? 1) };
  return throttled ? { status: 429, headers } : { headers };
}

/** Of an answer in parts the first one is marked: the fields of a mutation itself are never put off. */
function inParts(parts: AsyncIterableIterator<Result>, replayed: boolean): StreamAnswer {
  if (!replayed) return { stream: parts, incremental: true };
  let first = true;
  const stream = filterMap(parts, (part) => {
    const marked = first ? markedAsReplayed(part) : part;
    first = false;
    return marked;
  });
  return { stream, incremental: true, headers: REPLAYED };
}

/** Says, for transports without headers for each answer, in the extensions that the mutation was carried out before. */
const markedAsReplayed = ({ data, errors, extensions, hasNext }: Result): Result => ({
  data,
  ...(errors && { errors }),
  ...(hasNext !== undefined && { hasNext }),
  extensions: { ...extensions, idempotency: { replayed: true } },
});

const REPLAYED = { 'idempotency-replayed': 'true' };
