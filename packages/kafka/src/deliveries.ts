import { randomUUID } from 'node:crypto';
import type { EventSubscriber, Gate } from '@platform/events';
import type { EventsConfig, KafkaConfig } from '@platform/foundation/config';
import type { Part } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Kafka } from 'kafkajs';
import { consumerLags } from './consumer-lag.js';
import { EventGroup } from './event-group.js';
import type { EventProducer } from './event-producer.js';
import type { FanOut } from './fan-out.js';
import { KafkaMetrics } from './kafka-metrics.js';
import { OffsetCommits } from './offset-commits.js';
import { type ConsumerOptions, SupervisedConsumer } from './supervised-consumer.js';
import type { TopicMap } from './topic-map.js';

interface DeliveriesOptions {
  readonly kafka: Kafka;
  readonly config: KafkaConfig;
  readonly events: EventsConfig;
  readonly clientId: string;
  readonly topics: TopicMap;
  /** Resolves when the topics are there. */
  readonly topicsReady: () => Promise<void>;
  /** Hears of each consumer that ended by itself. */
  readonly onFailure: () => void;
  readonly subscribers: readonly EventSubscriber[];
  readonly producer: EventProducer;
  readonly fanOut: FanOut;
  readonly gate: Gate;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The consumers of a process: one for each group that lives in it, and one that lets listeners hear everything, where there are any. Each reads the topics that it needs. */
export class Deliveries implements Part {
  readonly name = 'deliveries';
  private started = false;
  private consumers: SupervisedConsumer[] = [];
  /** Topics that are read for listeners. */
  private readonly heard = new Set<string>();
  private lagTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DeliveriesOptions) {}

  /** Does not wait for the brokers. */
  async start(): Promise<void> {
    const { config, subscribers } = this.options;
    this.started = true;
    const groups = config.consume
      ? Map.groupBy(subscribers, ({ group }) => group)
      : new Map<string, EventSubscriber[]>();
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
    const { topics, fanOut } = this.options;
    const missing = topics.carryingAny(fanOut.all).filter((topic) => !this.heard.has(topic));
    if (missing.length === 0) return;
    for (const topic of missing) this.heard.add(topic);
    this.run(this.liveConsumer(missing));
  }

  private run(consumer: SupervisedConsumer): void {
    this.consumers.push(consumer);
    void consumer.start();
  }

  private groupConsumer(group: string, subscribers: readonly EventSubscriber[]): SupervisedConsumer {
    const { config, events, topics, topicsReady } = this.options;
    const commits = new OffsetCommits(config.commitInterval);
    const heartbeatInterval = config.sessionTimeout / 5;
    const { take, joined, stop } = new EventGroup({
      ...this.options,
      group,
      subscribers,
      commits,
      config: events,
      heartbeatInterval,
      fetchInterval: config.fetchInterval,
    });
    return this.consumer({
      group: this.groupId(group),
      topics: topics.carryingAny(subscribers),
      ready: topicsReady,
      onJoin: joined,
      onFailure: joined,
      onStop: stop,
      run: {
        eachBatchAutoResolve: false,
        autoCommit: false,
        partitionsConsumedConcurrently: config.partitions,
        eachBatch: take,
      },
    });
  }

  private liveConsumer(topics: readonly string[]): SupervisedConsumer {
    const { kafka, clientId, topicsReady, fanOut } = this.options;
    return this.consumer({
      group: this.groupId(`live.${clientId}.${randomUUID()}`),
      topics,
      ready: async () => {
        await topicsReady();
        await fanOut.find(kafka, topics);
      },
      onJoin: fanOut.seek,
      run: { eachBatchAutoResolve: false, autoCommit: false, eachBatch: fanOut.take },
    });
  }

  private consumer(options: Omit<ConsumerOptions, 'kafka' | 'config' | 'logger' | 'metrics'>): SupervisedConsumer {
    const { kafka, config, logger, metrics, onFailure } = this.options;
    const failed = () => {
      onFailure();
      options.onFailure?.();
    };
    return new SupervisedConsumer({ kafka, config, logger, metrics, ...options, onFailure: failed });
  }

  private groupId(name: string): string {
    return `${this.options.config.topicPrefix}${name}`;
  }

  private async measureLag(groups: ReadonlyMap<string, readonly EventSubscriber[]>): Promise<void> {
    const { kafka, topics, metrics, logger } = this.options;
    try {
      const read = [...groups].map(([group, members]) => ({
        group: this.groupId(group),
        topics: topics.carryingAny(members),
      }));
      for (const { group, topic, lag } of await consumerLags(kafka, read)) {
        metrics.of(KafkaMetrics).consumerLag.set({ group, topic }, lag);
      }
    } catch (error) {
      logger.debug({ reason: String(error) }, 'The lag of the consumers is not known');
    }
  }
}
