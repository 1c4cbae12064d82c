import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('platform');
let enabled = false;

/** From now on spans are made. Before that, everything here runs its work and does nothing else. */
export function enableSpans(): void {
  enabled = true;
}

/** Whether this process makes spans: ask before work that only they need. */
export const spansEnabled = (): boolean => enabled;

/** How a span is shown: what it did, on which side of a call, and with what. */
export interface SpanOptions {
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** By the names of OpenTelemetry's semantic conventions, where they have one. */
  readonly attributes?: Attributes;
  /** Headers in which the cause was told (W3C Trace Context); left out: the running span is the cause. */
  readonly causedBy?: Carrier;
}

/** Of a span that its maker ends. */
interface OpenSpanOptions extends SpanOptions {
  /** Headers of a trace that this is not part of: a new one begins, and points to it. */
  readonly linkedTo?: Carrier;
}

type Carrier = Readonly<Record<string, unknown>>;

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Runs `work` in a span of its own; whatever it calls makes spans below. A span whose work fails says so. */
export async function inSpan<T>(
  name: string,
  { kind = 'internal', attributes, causedBy }: SpanOptions,
  work: (span?: Span) => Promise<T>,
): Promise<T> {
  if (!enabled) return work();
  const parent = causedBy ? extracted(causedBy) : context.active();
  const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** A span that its maker ends. `run` makes it the cause of what the work does. */
export interface OpenSpan {
  run<T>(work: () => T): T;
  end(attributes?: Attributes, error?: unknown): void;
}

/** For work that no single function holds: a request between its hooks, a stage between its neighbours. Undefined where no spans are made. */
export function openSpan(
  name: string,
  { kind = 'internal', attributes, causedBy, linkedTo }: OpenSpanOptions,
): OpenSpan | undefined {
  if (!enabled) return undefined;
  const parent = causedBy ? extracted(causedBy) : linkedTo ? ROOT_CONTEXT : context.active();
  const options = { kind: kinds[kind], attributes, ...(linkedTo && { links: linksTo(linkedTo) }) };
  const span = tracer.startSpan(name, options, parent);
  return {
    run: (work) => context.with(trace.setSpan(parent, span), work),
    end: (learnt = {}, error) => {
      if (error) fail(span, error);
      span.setAttributes(learnt).end();
    },
  };
}

/** Notes what is over already and took `durationMs`, as a span of the running one. */
export function spanBehind(name: string, durationMs: number, options: Omit<SpanOptions, 'causedBy'>): void {
  if (!enabled || !trace.getActiveSpan()) return;
  const { kind = 'internal', attributes } = options;
  const end = Date.now();
  tracer.startSpan(name, { kind: kinds[kind], attributes, startTime: end - durationMs }).end(end);
}

/** `traceparent` and `tracestate` of the running span: for headers, and for events. Empty where there is none. */
export function traceHeaders(): Record<string, string> {
  if (!enabled) return {};
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** The trace that the running code belongs to, for log lines. */
export const currentTraceId = (): string | undefined =>
  enabled ? trace.getActiveSpan()?.spanContext().traceId : undefined;

function linksTo(carrier: Carrier): Link[] {
  const spanContext = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, carrier));
  return spanContext ? [{ context: spanContext }] : [];
}

const extracted = (carrier: Carrier): Context => propagation.extract(context.active(), carrier);

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException(error instanceof Error ? error : message);
}
