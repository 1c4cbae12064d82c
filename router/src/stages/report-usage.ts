import { type OperationRecord, type Unsigned, type UsageReporting, withFetchTraces } from '../apollo/index.js';
import type { Answer, OperationContext } from '../operation.js';
import type { AroundStage } from '../stage.js';

/** The variables and headers whose values may leave the house, by name. */
export interface ReportedDetails {
  readonly variables: readonly string[];
  readonly headers: readonly string[];
}

const unsigned: Readonly<Record<string, Unsigned>> = {
  GRAPHQL_PARSE_FAILED: 'GraphQLParseFailure',
  MAX_TOKENS_LIMIT: 'GraphQLParseFailure',
  GRAPHQL_VALIDATION_FAILED: 'GraphQLValidationFailure',
  OPERATION_RESOLUTION_FAILURE: 'GraphQLUnknownOperationName',
};

/** Tells Apollo Studio of every operation; of a sample, with what each subgraph took for each field. */
export const reportUsage =
  (usage: UsageReporting, reported: ReportedDetails): AroundStage =>
  async (context, next) => {
    const startedAt = new Date();
    const began = performance.now();
    const { result: answer, fetches } = usage.traces() ? await withFetchTraces(next) : { result: await next() };

    const { engine } = context;
    const operation = engine && operationOf(context, answer);
    if (!operation) return answer;
    usage.record(engine.supergraph.sdl, {
      operation,
      ...clientOf(context),
      startedAt,
      durationMs: performance.now() - began,
      errors: errorsOf(answer),
      persistedQueryHit: context.querySource === 'listed' || context.querySource === 'automatic',
      trace: fetches && {
        fetches,
        method: context.mutationsAllowed ? 'POST' : 'GET',
        variables: picked(
          context.request.variables ?? {},
          reported.variables,
          (value) => JSON.stringify(value) ?? 'null',
        ),
        headers: picked(context.headers ?? {}, reported.headers, String),
      },
    });
    return answer;
  };

/** Undefined for what was refused before it was looked at. */
function operationOf(
  { document, operation, engine }: OperationContext,
  answer: Answer,
): OperationRecord['operation'] | undefined {
  if (document && operation && engine) {
    return { document, name: operation.node.name?.value, schema: engine.supergraph.apiSchema };
  }
  const code = 'result' in answer ? answer.result.errors?.[0]?.extensions?.['code'] : undefined;
  return unsigned[String(code)];
}

function clientOf({ headers }: OperationContext): { clientName: string; clientVersion: string } {
  const text = (name: string) => String(headers?.[name] ?? '').slice(0, 128);
  return { clientName: text('apollographql-client-name'), clientVersion: text('apollographql-client-version') };
}

const errorsOf = (answer: Answer): OperationRecord['errors'] =>
  'stream' in answer
    ? []
    : (answer.result.errors ?? []).map(({ message, path = [], extensions }) => {
        const service = extensions?.['service'];
        return { message, path, service: typeof service === 'string' ? service : undefined };
      });

const picked = (from: Readonly<Record<string, unknown>>, names: readonly string[], text: (value: unknown) => string) =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, text(from[name])]));
