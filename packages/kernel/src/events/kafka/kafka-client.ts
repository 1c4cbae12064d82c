import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import type { KafkaConfig } from '../../config/index.js';
import type { Logger } from '../../logging/index.js';

/** Short waits, so that a broker that is back is noticed soon; whoever uses the client tries again by itself. */
const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/** A client of the brokers; connects nothing yet. What the library says of single attempts is for debugging: failures reach its callers. */
export function kafkaClient(config: KafkaConfig, clientId: string, logger: Logger): Kafka {
  return new Kafka({
    clientId,
    brokers: (config.brokers ?? '').split(','),
    connectionTimeout: config.connectTimeout,
    authenticationTimeout: config.connectTimeout,
    requestTimeout: config.requestTimeout,
    retry,
    ...(config.tls.enabled && { ssl: tlsOptions(config.tls) }),
    ...(config.sasl.mechanism && { sasl: saslOptions(config.sasl) }),
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, timestamp, logger: library, ...details } }) =>
        logger.debug({ library, namespace, ...details }, message),
  });
}

const tlsOptions = ({ ca, cert, key }: KafkaConfig['tls']) => ({
  ...(ca && { ca }),
  ...(cert && { cert }),
  ...(key && { key }),
});

const saslOptions = ({ mechanism, username, password }: KafkaConfig['sasl']): SASLOptions =>
  ({ mechanism, username: username ?? '', password: password ?? '' }) as SASLOptions;
