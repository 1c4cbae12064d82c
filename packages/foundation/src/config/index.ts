export { describeConfig } from './describe-config.js';
export { type InstancesConfig, type InstancesOf, instanceOptions } from './instances-option.js';
export { InvalidConfig } from './invalid-config.js';
export { type Config, type DeepReadonly, loadConfig } from './load-config.js';
export { maskSecrets } from './mask-secrets.js';
export {
  type AppConfig,
  type DatabaseConfig,
  type DiscoveryConfig,
  type EventsConfig,
  type KafkaConfig,
  type MailConfig,
  type ProcessConfig,
  processSections,
  type RedisConfig,
  type ServerConfig,
  type TracingConfig,
} from './process-sections.js';
export { projectRoot } from './project-root.js';
export type { Sections } from './schema-at.js';
export { type ConfigOptions, environmentName } from './settings.js';
export { bytes, developmentOnly, duration, fieldCoordinate, inherited, path, secret, url } from './values.js';
