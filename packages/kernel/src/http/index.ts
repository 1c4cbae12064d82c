export { type ClientAddress, clientAddress, type TrustedProxies } from './client-address.js';
export { createHttpServer, type HttpServerOptions } from './create-http-server.js';
export { type ErrorBody, errorBody } from './errors.js';
export { LONGEST_ID, type SocketExtra, serveGraphQLSockets } from './graphql-sockets.js';
export { type HttpRoutes, type HttpServerPart, PortInUse } from './http-server-part.js';
export { networkOf } from './network-of.js';
export { knownQuery, parametersOf } from './parameters.js';
export { readRequestTarget } from './request-target.js';
export { acceptWebSockets, type WebSockets } from './websockets.js';
