export { type ClientAddress, clientAddress, type TrustedProxies } from './client-address.js';
export { createHttpServer } from './create-http-server.js';
export { errorBody } from './errors.js';
export { LONGEST_ID, type SocketExtra, serveGraphQLSockets } from './graphql-sockets.js';
export { type HttpRoutes, HttpServerPart } from './http-server-part.js';
export { knownQuery, parametersOf } from './parameters.js';
export { readRequestTarget } from './request-target.js';
export { acceptWebSockets, type WebSockets } from './websockets.js';
export { whileConnected } from './while-connected.js';
