import {
  type CloudEvent,
  type EventBus,
  type EventConsumer,
  type EventProvenance,
  type EventTypes,
  eventRetryPolicy,
  inPublishSpans,
  type Publisher,
} from '@platform/events';
import type { EventsConfig, KafkaConfig } from '@platform/foundation/config';
import type { HealthCheck } from '@platform/foundation/health';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Kafka } from 'kafkajs';
import { BroadcastConsumer } from './broadcast-consumer.js';
import { ConsumerGroups } from './consumer-groups.js';
import { EventProducer } from './event-producer.js';
import { kafkaClient } from './kafka-client.js';
import { toMessage, topicOf } from './message.js';
import { TopicMap } from './topic-map.js';
import { ensureTopics, missingTopics, withAdmin } from './topics.js';

interface KafkaBusOptions {
  readonly config: KafkaConfig;
  readonly events: EventsConfig;
  /** Names the process to the brokers. */
  readonly clientId: string;
  /** Whose events there are: each has a topic. */
  readonly publishers: readonly Publisher[];
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The bus of the distributed topology. The process works on without the brokers: `publish` fails until they are there, and consumers come back by themselves. */
export class KafkaBus implements EventBus {
  readonly name = 'kafka';
  readonly consumers: ConsumerGroups;
  private readonly kafka: Kafka;
  private readonly producer: EventProducer;
  private readonly registered: EventConsumer[] = [];
  private readonly broadcast: BroadcastConsumer;
  private readonly topics: TopicMap;
  private topicsReady: Promise<void> | undefined;
  /** All topics have been there in the life of this process. */
  private complete = false;

  constructor(private readonly options: KafkaBusOptions) {
    const { config, clientId, publishers, logger } = options;
    this.kafka = kafkaClient(config, clientId, logger);
    this.producer = new EventProducer(this.kafka);
    this.topics = new TopicMap(config.topicPrefix, publishers);
    this.broadcast = new BroadcastConsumer(this.topics);
    this.consumers = new ConsumerGroups({
      ...options,
      retryPolicy: eventRetryPolicy(options.events),
      kafka: this.kafka,
      topics: this.topics,
      topicsReady: () => this.ensureTopics(),
      onFailure: () => this.lookAgain(),
      registered: this.registered,
      producer: this.producer,
      broadcast: this.broadcast,
    });
  }

  /** Soft: without brokers events wait in the outbox. Fails as well while a topic is missing, and while a consumer cannot read. */
  readonly check: HealthCheck = {
    name: 'kafka',
    severity: 'soft',
    check: async () => {
      const missing = await withAdmin(this.kafka, (admin) => missingTopics(admin, this.topics.withDeadLetters));
      if (missing.length > 0) this.lookAgain();
      const reasons = missing.map((topic) => `the topic ${topic} is missing`).concat(this.consumers.failures);
      if (reasons.length > 0) throw new Error(reasons.join('; '));
    },
  };

  get provenance(): EventProvenance {
    return this.topics.provenance;
  }

  async stop(): Promise<void> {
    await this.producer.stop();
  }

  consume(consumer: EventConsumer): void {
    this.registered.push(consumer);
  }

  onEvent(types: EventTypes, listener: (event: CloudEvent) => void): () => void {
    const remove = this.broadcast.listeners.add(types, listener);
    this.consumers.readForListeners();
    return remove;
  }

  async publish(events: readonly CloudEvent[]): Promise<void> {
    await this.ensureTopics();
    const topic = ({ source }: CloudEvent): string => topicOf(this.options.config.topicPrefix, source);
    const destination = (event: CloudEvent) => ({
      'messaging.system': 'kafka',
      'messaging.destination.name': topic(event),
    });
    await inPublishSpans(events, destination, async (carrying) => {
      const byTopic = [...Map.groupBy(carrying, topic)];
      await this.producer.send(byTopic.map(([name, sent]) => ({ topic: name, messages: sent.map(toMessage) })));
    }).catch((error: unknown) => {
      this.lookAgain();
      throw error;
    });
  }

  /** Whatever failed may have failed for want of a topic: somebody deleted it. */
  private lookAgain(): void {
    this.topicsReady = undefined;
  }

  /** As soon as the brokers are there, and again after a failure. */
  private ensureTopics(): Promise<void> {
    this.topicsReady ??= this.makeTopics().catch((error) => {
      this.topicsReady = undefined;
      throw error;
    });
    return this.topicsReady;
  }

  private async makeTopics(): Promise<void> {
    const { config, logger } = this.options;
    const { made, differences } = await withAdmin(this.kafka, (admin) =>
      ensureTopics(admin, this.topics.withDeadLetters, config, (missing) => this.broadcast.resetTopics(missing)),
    );
    if (!this.complete)
      for (const difference of differences)
        logger.warn({ difference }, 'topic differs from configuration; leaving it unchanged');
    if (this.complete && made.length > 0) {
      logger.warn({ topics: made }, 'missing topics recreated; replay their events with platformctl events replay');
    }
    this.complete = true;
  }
}
