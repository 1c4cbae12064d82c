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

/** What waits for the next report, in bytes, at most: nobody's made-up operations and names of clients fill the memory. */
const MAX_BYTES = 16 * 1024 * 1024;
/** What the statistics of one operation of one client take, in bytes. */
const STATISTICS = 5_000;
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
  private bytes = 0;

  constructor(private readonly traceOptions: TraceOptions) {}

  get empty(): boolean {
    return this.count === 0;
  }

  /** Counts the operation; one with a trace is counted by Studio, from that. */
  add(record: OperationRecord): void {
    const operation = this.operationOf(record);
    if (!operation) return;
    const trace = record.trace && Trace.encode(traceOf(record, record.trace, this.traceOptions)).finish();
    if (trace && trace.length <= MAX_TRACE_BYTES && this.hasRoomFor(trace.length)) operation.traces.push(trace);
    else if (!this.addStatistics(operation, record)) return;
    this.count += 1;
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
    if (!reported && this.hasRoomFor(STATISTICS + 10 * signature.key.length)) {
      reported = { signed: signature, byClient: new Map(), traces: [] };
      this.operations.set(signature.key, reported);
    }
    return reported;
  }

  /** False where there is no room for another client. */
  private addStatistics({ byClient }: ReportedOperation, record: OperationRecord): boolean {
    const { clientName, clientVersion } = record;
    const client = JSON.stringify([clientName, clientVersion]);
    let stats = byClient.get(client);
    if (!stats && this.hasRoomFor(STATISTICS + 4 * client.length)) {
      stats = new ClientStats({ clientName, clientVersion });
      byClient.set(client, stats);
    }
    stats?.add(record);
    return stats !== undefined;
  }

  /** Takes the room, if there is any. */
  private hasRoomFor(bytes: number): boolean {
    if (this.bytes + bytes > MAX_BYTES) return false;
    this.bytes += bytes;
    return true;
  }
}
