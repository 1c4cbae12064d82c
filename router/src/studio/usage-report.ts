import {
  type IReportHeader,
  type ITracesAndStats,
  Report,
  ReportHeader,
  Trace,
} from '@apollo/usage-reporting-protobuf';
import { ClientStats } from './client-stats.js';
import type { OperationRecord } from './operation-record.js';
import { type SignedOperation, signed } from './signature.js';
import { type TraceOptions, timestamp, traceOf } from './trace.js';

/** So many distinct operations wait for the next report, at most: nobody's made-up ones fill the memory. */
const MAX_OPERATIONS = 5_000;
/** A larger trace is counted, but not shown. */
const MAX_TRACE_BYTES = 1024 * 1024;

interface ReportedOperation {
  readonly signed: SignedOperation;
  readonly byClient: Map<string, ClientStats>;
  readonly traces: Uint8Array[];
}

/** What is known of the operations since the last report, in Studio's usage reporting protocol. */
export class UsageReport {
  private readonly operations = new Map<string, ReportedOperation>();
  private count = 0;

  constructor(private readonly traceOptions: TraceOptions) {}

  get empty(): boolean {
    return this.count === 0;
  }

  /** Counts the operation; one with a trace is counted by Studio, from that. */
  add(record: OperationRecord): void {
    const operation = this.operationOf(record);
    if (!operation) return;
    this.count += 1;
    const trace = record.trace && Trace.encode(traceOf(record, record.trace, this.traceOptions)).finish();
    if (trace && trace.length <= MAX_TRACE_BYTES) operation.traces.push(trace);
    else statsOf(operation, record).add(record);
  }

  /** @param header who reports, for which graph and which schema. */
  encode(header: IReportHeader): Uint8Array {
    const tracesPerQuery: Record<string, ITracesAndStats> = {};
    for (const [key, { signed, byClient, traces }] of this.operations) {
      tracesPerQuery[key] = {
        trace: traces,
        referencedFieldsByType: signed.referencedFieldsByType,
        statsWithContext: [...byClient.values()].map((stats) => stats.toMessage()),
      };
    }
    const endTime = timestamp(new Date());
    return Report.encode({
      header: ReportHeader.create(header),
      tracesPerQuery,
      endTime,
      operationCount: this.count,
    }).finish();
  }

  private operationOf({ operation }: OperationRecord): ReportedOperation | undefined {
    const signature = signed(operation);
    let reported = this.operations.get(signature.key);
    if (!reported && this.operations.size < MAX_OPERATIONS) {
      reported = { signed: signature, byClient: new Map(), traces: [] };
      this.operations.set(signature.key, reported);
    }
    return reported;
  }
}

function statsOf({ byClient }: ReportedOperation, { clientName, clientVersion }: OperationRecord): ClientStats {
  const client = JSON.stringify([clientName, clientVersion]);
  let stats = byClient.get(client);
  if (!stats) {
    stats = new ClientStats({ clientName, clientVersion });
    byClient.set(client, stats);
  }
  return stats;
}
