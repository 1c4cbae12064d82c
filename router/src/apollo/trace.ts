import { google, Trace } from '@apollo/usage-reporting-protobuf';
import type { FetchTrace } from './fetch-traces.js';
import type { OperationRecord, OperationTrace, ReportedError } from './operation-record.js';

export interface TraceOptions {
  /** Whether messages of errors leave the house. */
  readonly errorMessages: boolean;
  /** How many operations a traced one stands for. */
  readonly weight: number;
}

/** The operation as Studio shows it: its times, its errors, and what each subgraph said of its part. */
export function traceOf(
  record: OperationRecord,
  detail: OperationTrace,
  { errorMessages, weight }: TraceOptions,
): Trace {
  const { startedAt, durationMs, clientName, clientVersion, persistedQueryHit, errors } = record;
  return Trace.create({
    startTime: timestamp(startedAt),
    endTime: timestamp(new Date(startedAt.getTime() + durationMs)),
    durationNs: Math.round(durationMs * 1e6),
    clientName,
    clientVersion,
    persistedQueryHit,
    fieldExecutionWeight: weight,
    details: { variablesJson: { ...detail.variables } },
    http: {
      method: Trace.HTTP.Method[detail.method],
      requestHeaders: Object.fromEntries(
        Object.entries(detail.headers).map(([name, value]) => [name, { value: [value] }]),
      ),
    },
    root: { error: errors.filter(({ service }) => service === undefined).map((error) => shown(error, errorMessages)) },
    queryPlan: { parallel: { nodes: detail.fetches.map((fetch) => ({ fetch: fetchNode(fetch, startedAt) })) } },
  });
}

/** Fetches stand beside each other; their times tell which waited for which. */
function fetchNode({ service, sent, received, ftv1 }: FetchTrace, startedAt: Date): Trace.QueryPlanNode.IFetchNode {
  const trace = ftv1 === undefined ? undefined : decoded(ftv1);
  return {
    serviceName: service,
    sentTimeOffset: Math.max(0, sent.getTime() - startedAt.getTime()) * 1e6,
    sentTime: timestamp(sent),
    receivedTime: timestamp(received),
    trace,
    traceParsingFailed: ftv1 !== undefined && trace === undefined,
  };
}

function decoded(ftv1: string): Trace | undefined {
  try {
    return Trace.decode(Buffer.from(ftv1, 'base64'));
  } catch {
    return undefined;
  }
}

const shown = ({ message }: ReportedError, errorMessages: boolean) => ({
  message: errorMessages ? message : '<masked>',
});

/** A time in the protocol's form. */
export const timestamp = (time: Date): google.protobuf.Timestamp =>
  google.protobuf.Timestamp.create({
    seconds: Math.floor(time.getTime() / 1000),
    nanos: (time.getTime() % 1000) * 1e6,
  });
