import { randomUUID } from 'node:crypto';
import type { EventConsumer } from '@platform/events';
import type { KafkaConfig } from '@platform/foundation/config';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { RetryPolicy } from '@platform/foundation/retry';
import type { Kafka } from 'kafkajs';
import type { BroadcastConsumer } from './broadcast-consumer.js';
import { ConsumerGroupHandler } from './consumer-group-handler.js';
import { consumerLags } from './consumer-lag.js';
import { DeadLetterTopic } from './dead-letter-topic.js';
import type { EventProducer } from './event-producer.js';
import { KafkaMetrics } from './kafka-metrics.js';
import { OffsetCommits } from './offset-commits.js';
import { type ConsumerOptions, SupervisedConsumer } from './supervised-consumer.js';
import type { TopicMap } from './topic-map.js';

interface ConsumerGroupsOptions {
  readonly kafka: Kafka;
  readonly config: KafkaConfig;
  readonly retryPolicy: RetryPolicy;
  readonly clientId: string;
  readonly topics: TopicMap;
  /** Resolves when the topics are there. */
  readonly topicsReady: () => Promise<void>;
  /** Hears of each consumer that ended by itself. */
  readonly onFailure: () => void;
  readonly registered: readonly EventConsumer[];
  readonly producer: EventProducer;
  readonly broadcast: BroadcastConsumer;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The consumers of a process: one for each group that lives in it, and one that broadcasts, where somebody listens. Each reads the topics that it needs. */
export class ConsumerGroups implements LifecycleComponent {
  readonly name = 'consumers';
  private started = false;
  private consumers: SupervisedConsumer[] = [];
  /** Topics that are read for listeners. */
  private readonly broadcastTopics = new Set<string>();
  private lagTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ConsumerGroupsOptions) {}

  /** Does not wait for the brokers. */
  async start(): Promise<void> {
    const { config, registered } = this.options;
    this.started = true;
    const groups = config.consumerEnabled
      ? Map.groupBy(registered, ({ group }) => group)
      : new Map<string, EventConsumer[]>();
    for (const [group, members] of groups) this.run(this.groupConsumer(group, members));
    this.readForListeners();
    if (groups.size === 0) return;
    this.lagTimer = setInterval(() => void this.measureLag(groups), config.lagInterval);
    this.lagTimer.unref();
  }

  async stop(): Promise<void> {
    this.started = false;
    clearInterval(this.lagTimer);
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** Resolves once every consumer has had partitions. */
  async ready(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.ready));
  }

  /** Why consumers cannot read at the moment, of each that cannot. */
  get failures(): readonly string[] {
    return this.consumers.flatMap(({ failure }) => failure ?? []);
  }

  /** Reads, from now on, the topics that listeners need and that are not read for them yet. */
  readForListeners(): void {
    if (!this.started) return;
    const { topics, broadcast } = this.options;
    const missing = topics.carryingAny(broadcast.listeners.types).filter((topic) => !this.broadcastTopics.has(topic));
    if (missing.length === 0) return;
    for (const topic of missing) this.broadcastTopics.add(topic);
    this.run(this.liveConsumer(missing));
  }

  private run(consumer: SupervisedConsumer): void {
    this.consumers.push(consumer);
    void consumer.start();
  }

  private groupConsumer(group: string, members: readonly EventConsumer[]): SupervisedConsumer {
    const { config, topics, topicsReady } = this.options;
    const commits = new OffsetCommits(config.commitInterval);
    const heartbeatInterval = config.sessionTimeout / 5;
    const { handleBatch, joined, stop } = new ConsumerGroupHandler({
      ...this.options,
      group,
      deadLetters: new DeadLetterTopic({ ...this.options, group }),
      consumers: members,
      commits,
      heartbeatInterval,
      minFetchInterval: config.minFetchInterval,
    });
    return this.consumer({
      group: this.groupId(group),
      topics: topics.carryingAny(members.map(({ types }) => types)),
      ready: topicsReady,
      onJoin: joined,
      onFailure: joined,
      onStop: stop,
      run: {
        eachBatchAutoResolve: false,
        autoCommit: false,
        partitionsConsumedConcurrently: config.partitions,
        eachBatch: handleBatch,
      },
    });
  }

  private liveConsumer(topics: readonly string[]): SupervisedConsumer {
    const { kafka, clientId, topicsReady, broadcast } = this.options;
    return this.consumer({
      group: this.groupId(`live.${clientId}.${randomUUID()}`),
      topics,
      ready: async () => {
        await topicsReady();
        await broadcast.findPositions(kafka, topics);
      },
      onJoin: broadcast.seek,
      run: { eachBatchAutoResolve: false, autoCommit: false, eachBatch: broadcast.handleBatch },
    });
  }

  private consumer(
    options: Omit<ConsumerOptions, 'kafka' | 'config' | 'retryPolicy' | 'logger' | 'metrics'>,
  ): SupervisedConsumer {
    const { kafka, config, retryPolicy, logger, metrics, onFailure } = this.options;
    const failed = () => {
      onFailure();
      options.onFailure?.();
    };
    return new SupervisedConsumer({ kafka, config, retryPolicy, logger, metrics, ...options, onFailure: failed });
  }

  private groupId(name: string): string {
    return `${this.options.config.topicPrefix}${name}`;
  }

  private async measureLag(groups: ReadonlyMap<string, readonly EventConsumer[]>): Promise<void> {
    const { kafka, topics, metrics, logger } = this.options;
    try {
      const read = [...groups].map(([group, members]) => ({
        group: this.groupId(group),
        topics: topics.carryingAny(members.map(({ types }) => types)),
      }));
      for (const { group, topic, lag } of await consumerLags(kafka, read)) {
        metrics.of(KafkaMetrics).consumerLag.set({ group, topic }, lag);
      }
    } catch (error) {
      logger.debug({ reason: String(error) }, 'consumer lag measurement failed; retrying at the next interval');
    }
  }
}
