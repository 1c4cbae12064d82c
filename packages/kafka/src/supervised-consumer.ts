import { setTimeout as wait } from 'node:timers/promises';
import type { KafkaConfig } from '@platform/foundation/config';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { type RetryPolicy, retryDelay } from '@platform/foundation/retry';
import type { Consumer, ConsumerRunConfig, Kafka } from 'kafkajs';
import { KafkaMetrics } from './kafka-metrics.js';

/** What a consumer reads, and what it does when. */
export interface ConsumerOptions {
  readonly kafka: Kafka;
  readonly config: KafkaConfig;
  readonly group: string;
  readonly topics: readonly string[];
  readonly run: ConsumerRunConfig;
  readonly retryPolicy: RetryPolicy;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Before each connection; rejects while it is of no use to connect. */
  readonly ready: () => Promise<void>;
  /** After the consumer has partitions, each time. */
  readonly onJoin?: (consumer: Consumer, topics: readonly string[]) => void;
  /** After it has ended by itself. */
  readonly onFailure?: () => void;
  /** While it still has them. */
  readonly onStop?: () => Promise<void>;
}

/** Of a partition at once: more of them in memory would cost the garbage collector more than it spares requests. */
const FETCHED_BYTES = 512 * 1024;

/** A consumer that comes back: whatever ends it, a new one follows, as the retry policy says. */
export class SupervisedConsumer implements LifecycleComponent {
  readonly name: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private consumer: Consumer | undefined;
  private joined = Promise.withResolvers<void>();
  /** Why the last consumer ended, until one has read again. */
  private reason: string | undefined;

  constructor(private readonly options: ConsumerOptions) {
    this.name = `consumer:${options.group}`;
  }

  /** Does not wait for the brokers. */
  async start(): Promise<void> {
    this.running = this.keepRunning();
  }

  /** Lets what is being handled end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.options.onStop?.().catch(() => {});
    await this.consumer?.stop();
    await this.running;
  }

  /** Resolves once the consumer has had partitions. */
  get ready(): Promise<void> {
    return this.joined.promise;
  }

  /** Why nothing can be read at the moment. */
  get failure(): string | undefined {
    return this.reason && `${this.options.group} cannot consume: ${this.reason}`;
  }

  private async keepRunning(): Promise<void> {
    const { group, retryPolicy, logger, metrics, ready } = this.options;
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await ready();
        await this.consume(() => {
          failures = 0;
        });
      } catch (error) {
        this.reason = String(error);
        this.options.onFailure?.();
        metrics.of(KafkaMetrics).consumerFailures.inc({ group });
        logger.warn({ group, reason: this.reason }, 'consumer failed; restarting');
      }
      failures += 1;
      await wait(retryDelay(retryPolicy, failures), undefined, { signal }).catch(() => {});
    }
  }

  /** Resolves when asked to stop. @throws what the consumer ended with */
  private async consume(onRead: () => void): Promise<void> {
    const { kafka, config, group, topics, run } = this.options;
    const consumer = kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: config.fetchMaxWait,
      maxBytesPerPartition: FETCHED_BYTES,
      sessionTimeout: config.sessionTimeout,
      rebalanceTimeout: config.sessionTimeout * 2,
      heartbeatInterval: Math.floor(config.sessionTimeout / 5),
      // It is this class that reconnects, once the topics are there.
      retry: { restartOnFailure: async () => false },
    });
    const ended = Promise.withResolvers<void>();
    consumer.on('consumer.crash', ({ payload }) => !payload.restart && ended.reject(payload.error));
    // A consumer that crashes stops first.
    consumer.on('consumer.stop', () => this.stopping.signal.aborted && ended.resolve());
    consumer.on('consumer.fetch', () => {
      onRead();
      this.reason = undefined;
    });
    consumer.on('consumer.group_join', () => {
      this.options.onJoin?.(consumer, topics);
      this.joined.resolve();
    });
    this.consumer = consumer;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run(run);
      await (this.stopping.signal.aborted ? undefined : ended.promise);
    } finally {
      ended.promise.catch(() => {});
      this.consumer = undefined;
      await consumer.disconnect().catch(() => {});
    }
  }
}
