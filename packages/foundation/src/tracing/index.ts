export {
  currentTraceId,
  inSpan,
  type OpenSpan,
  openSpan,
  type SpanOptions,
  spanBehind,
  spansEnabled,
  traceHeaders,
} from './spans.js';
export { Tracing } from './tracing.js';
