export * from './graphql-client.js';
export * from './platform-process.js';
