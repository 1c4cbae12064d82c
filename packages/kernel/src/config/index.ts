export { type ConfigLine, describeConfig } from './describe-config.js';
export { type InstancesConfig, type InstancesOf, instanceOptions } from './instances-option.js';
export { InvalidConfig } from './invalid-config.js';
export {
  type AppConfig,
  type CallerTokenConfig,
  type DatabaseConfig,
  type DiscoveryConfig,
  type EventsConfig,
  type KafkaConfig,
  type KernelConfig,
  kernelSections,
  type LoggingConfig,
  type MailConfig,
  type PlatformConfig,
  type RedisConfig,
  type SeedConfig,
  type ServerConfig,
  type TracingConfig,
} from './kernel-sections.js';
export { type Config, type DeepReadonly, loadConfig } from './load-config.js';
export { maskSecrets } from './mask-secrets.js';
export { projectRoot } from './project-root.js';
export type { Sections } from './schema-at.js';
export { type ConfigOptions, environmentName, isLocal } from './settings.js';
export {
  bytes,
  developmentOnly,
  duration,
  fieldCoordinate,
  inherited,
  needing,
  network,
  path,
  secret,
  url,
} from './values.js';
