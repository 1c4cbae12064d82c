import { JsonService } from './json-service.js';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly links?: readonly { readonly traceId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: Pick<OtlpSpan, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A span as the collector got it, with the process that made it. */
export interface CollectedSpan extends OtlpSpan {
  readonly service: string;
}

/** An OTLP endpoint that keeps what it gets. */
export class TraceCollector {
  private constructor(private readonly service: JsonService) {}

  static async start(): Promise<TraceCollector> {
    return new TraceCollector(await JsonService.start(() => ({})));
  }

  /** What makes a process send its spans here at once. */
  get env(): Record<string, string> {
    return { TRACING_EXPORTER: 'otlp', TRACING_ENDPOINT: this.service.url, TRACING_EXPORT_INTERVAL: '100ms' };
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  /** Every byte that arrived, for what must not be in it. */
  get text(): string {
    return JSON.stringify(this.service.bodies);
  }

  /** The spans of one trace, in the order of their arrival. */
  trace(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  /** The spans that point to a trace which they are not part of. */
  linkedTo(traceId: string): CollectedSpan[] {
    return this.spans.filter(({ links = [] }) => links.some((link) => link.traceId === traceId));
  }

  private get spans(): CollectedSpan[] {
    return (this.service.bodies as OtlpTraces[])
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ resource, scopeSpans }) => {
        const name = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
        return scopeSpans.flatMap(({ spans }) => spans).map((span) => ({ ...span, service: String(name) }));
      });
  }

  /** The names from the span up to the root, with what made each: `blog: Mutation.publishPost`. */
  lineage(span: CollectedSpan): string[] {
    const spans = this.trace(span.traceId);
    const names: string[] = [];
    for (let at: CollectedSpan | undefined = span; at; ) {
      names.push(`${at.service}: ${at.name}`);
      const { parentSpanId }: CollectedSpan = at;
      at = spans.find(({ spanId }) => spanId === parentSpanId);
    }
    return names;
  }
}
