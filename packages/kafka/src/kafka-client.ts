import net from 'node:net';
import tls from 'node:tls';
import type { KafkaConfig } from '@platform/foundation/config';
import type { Logger } from '@platform/foundation/logging';
import { type ISocketFactory, Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { registerCodecs } from './codecs.js';

const KEEP_ALIVE = 60_000;

/**
 * What the library repeats itself are steps of the protocol: another seed broker, a group that is joined while it rebalances, a leader that
 * is being elected. Failures beyond them are for the platform's own retry policy.
 */
const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/** A client of the brokers; connects nothing yet. What the library says of single attempts is for debugging: failures reach its callers. */
export function kafkaClient(config: KafkaConfig, clientId: string, logger: Logger): Kafka {
  registerCodecs();
  return new Kafka({
    clientId,
    brokers: (config.brokers ?? '').split(','),
    connectionTimeout: config.connectTimeout,
    authenticationTimeout: config.connectTimeout,
    requestTimeout: config.requestTimeout,
    retry,
    socketFactory: promptSocket,
    ...(config.tls.enabled && { ssl: tlsOptions(config.tls) }),
    ...(config.sasl.mechanism && { sasl: saslOptions(config.sasl) }),
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, timestamp, logger: library, ...details } }) =>
        logger.debug({ library, namespace, ...details }, message),
  });
}

/** Small requests leave at once, instead of waiting for more to send. */
const promptSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : net.connect({ host, port }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE).setNoDelay(true);
};

const tlsOptions = ({ ca, cert, key }: KafkaConfig['tls']) => ({
  ...(ca && { ca }),
  ...(cert && { cert }),
  ...(key && { key }),
});

const saslOptions = ({ mechanism, username, password }: KafkaConfig['sasl']): SASLOptions =>
  ({ mechanism, username: username ?? '', password: password ?? '' }) as SASLOptions;
