export {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_GRAPHQL_OPERATION_NAME,
  ATTR_GRAPHQL_OPERATION_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from './attributes.js';
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
