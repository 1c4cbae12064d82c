import type * as conventions from '@opentelemetry/semantic-conventions/incubating';

/**
 * The names of OpenTelemetry's semantic conventions that spans here use, held against its package by the compiler: at run time the
 * package would cost each process 10 MB for a few texts.
 */
export const {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_GRAPHQL_OPERATION_NAME,
  ATTR_GRAPHQL_OPERATION_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
  ATTR_SERVICE_VERSION,
} = {
  ATTR_DB_NAMESPACE: 'db.namespace',
  ATTR_DB_OPERATION_NAME: 'db.operation.name',
  ATTR_DB_QUERY_TEXT: 'db.query.text',
  ATTR_DB_SYSTEM_NAME: 'db.system.name',
  ATTR_GRAPHQL_OPERATION_NAME: 'graphql.operation.name',
  ATTR_GRAPHQL_OPERATION_TYPE: 'graphql.operation.type',
  ATTR_HTTP_REQUEST_METHOD: 'http.request.method',
  ATTR_HTTP_RESPONSE_STATUS_CODE: 'http.response.status_code',
  ATTR_HTTP_ROUTE: 'http.route',
  ATTR_SERVER_ADDRESS: 'server.address',
  ATTR_SERVER_PORT: 'server.port',
  ATTR_SERVICE_NAME: 'service.name',
  ATTR_SERVICE_NAMESPACE: 'service.namespace',
  ATTR_SERVICE_VERSION: 'service.version',
} as const satisfies Partial<typeof conventions>;
