import { randomUUID } from 'node:crypto';
import type { ConsumerRunConfig, Kafka } from 'kafkajs';
import type { EventsConfig, KafkaConfig } from '../../config/index.js';
import type { Part } from '../../lifecycle/index.js';
import type { Logger } from '../../logging/index.js';
import type { Metrics } from '../../metrics/index.js';
import type { EventSubscriber } from '../event-bus.js';
import type { Gate } from '../gate.js';
import { consumerLags } from './consumer-lag.js';
import { EventGroup } from './event-group.js';
import type { EventProducer } from './event-producer.js';
import type { FanOut } from './fan-out.js';
import { SupervisedConsumer } from './supervised-consumer.js';

interface DeliveriesOptions {
  readonly kafka: Kafka;
  readonly config: KafkaConfig;
  readonly events: EventsConfig;
  readonly clientId: string;
  readonly topics: readonly string[];
  /** Resolves when the topics are there. */
  readonly topicsReady: () => Promise<void>;
  readonly subscribers: readonly EventSubscriber[];
  readonly producer: EventProducer;
  readonly fanOut: FanOut;
  readonly gate: Gate;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The consumers of a process: one for each group that lives in it, and one that lets listeners hear everything. */
export class Deliveries implements Part {
  readonly name = 'deliveries';
  private consumers: SupervisedConsumer[] = [];
  private lagTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DeliveriesOptions) {}

  /** Does not wait for the brokers. */
  async start(): Promise<void> {
    const { config, subscribers } = this.options;
    const groups = config.consume
      ? Map.groupBy(subscribers, ({ group }) => group)
      : new Map<string, EventSubscriber[]>();
    this.consumers = [
      ...[...groups].map(([group, members]) => this.groupConsumer(group, members)),
      this.liveConsumer(),
    ];
    for (const consumer of this.consumers) await consumer.start();
    this.lagTimer = setInterval(() => void this.measureLag([...groups.keys()]), config.lagInterval);
    this.lagTimer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.lagTimer);
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** Resolves once every consumer has had partitions. */
  async ready(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.ready));
  }

  private groupConsumer(group: string, subscribers: readonly EventSubscriber[]): SupervisedConsumer {
    const { config, events } = this.options;
    const heartbeatInterval = config.sessionTimeout / 5;
    const { take } = new EventGroup({ ...this.options, group, subscribers, config: events, heartbeatInterval });
    return this.consumer(this.groupId(group), this.options.topicsReady, {
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: config.partitions,
      eachBatch: take,
    });
  }

  private liveConsumer(): SupervisedConsumer {
    const { kafka, clientId, topics, topicsReady, fanOut } = this.options;
    const ready = async (): Promise<void> => {
      await topicsReady();
      await fanOut.find(kafka, topics);
    };
    const run = { eachBatchAutoResolve: false, autoCommit: false, eachBatch: fanOut.take };
    return this.consumer(this.groupId(`live.${clientId}.${randomUUID()}`), ready, run, fanOut.seek);
  }

  private consumer(
    group: string,
    ready: () => Promise<void>,
    run: ConsumerRunConfig,
    onJoin?: FanOut['seek'],
  ): SupervisedConsumer {
    const { kafka, config, topics, logger } = this.options;
    return new SupervisedConsumer({ kafka, config, group, topics, run, logger, ready, ...(onJoin && { onJoin }) });
  }

  private groupId(name: string): string {
    return `${this.options.config.topicPrefix}${name}`;
  }

  private async measureLag(groups: readonly string[]): Promise<void> {
    const { kafka, topics, metrics, logger } = this.options;
    try {
      const ids = groups.map((group) => this.groupId(group));
      for (const { group, topic, lag } of await consumerLags(kafka, ids, topics)) {
        metrics.consumerLag.set({ group, topic }, lag);
      }
    } catch (error) {
      logger.debug({ reason: String(error) }, 'The lag of the consumers is not known');
    }
  }
}
