export { GraphQLClient, type HttpAnswer } from './graphql-client.js';
export { PlatformProcess } from './platform-process.js';
