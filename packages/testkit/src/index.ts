export { SoftwareAuthenticator, totpCode } from './authenticator/index.js';
export { slowness } from './machine/index.js';
export { GraphQLClient, type HttpAnswer, PlatformProcess } from './processes/index.js';
export {
  contents,
  createTestDatabase,
  describeWhereKafkaRuns,
  describeWithBrowser,
  describeWithKafka,
  describeWithRedis,
  ExecutedStatements,
  KafkaBroker,
  MailServer,
  randomRuns,
  recorded,
  runSetting,
  ServiceProxy,
  TestAuthority,
  type TestBrowser,
  type TestDatabase,
  type TestKafka,
  useDatabase,
} from './services/index.js';
export { inTenant, SubgraphClient, SubgraphHarness, TestClock, useSubgraph } from './subgraph/index.js';
export { ReceivedStream, type StreamClientName, streamClientNames, streamClients } from './subscriptions/index.js';
export {
  askOver,
  Canary,
  codesOf,
  type Received,
  type SentRequest,
  sendTarget,
  type TransportName,
  targetsThatAreNone,
  transportNames,
  transports,
} from './transports/index.js';
export { eventually } from './waiting/index.js';
