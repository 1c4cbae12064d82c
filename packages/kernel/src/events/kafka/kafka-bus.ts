import type { Kafka } from 'kafkajs';
import type { EventsConfig, KafkaConfig } from '../../config/index.js';
import type { HealthCheck } from '../../health/index.js';
import type { Logger } from '../../logging/index.js';
import type { Metrics } from '../../metrics/index.js';
import type { CloudEvent } from '../cloud-event.js';
import type { EventBus, EventListener, EventSubscriber } from '../event-bus.js';
import { Gate } from '../gate.js';
import type { EventProvenance, Publisher } from '../provenance.js';
import { inPublishSpans } from '../publish-spans.js';
import { Deliveries } from './deliveries.js';
import { EventProducer } from './event-producer.js';
import { FanOut } from './fan-out.js';
import { kafkaClient } from './kafka-client.js';
import { toMessage, topicOf } from './message.js';
import { TopicMap } from './topic-map.js';
import { ensureTopics, withAdmin } from './topics.js';

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
  readonly deliveries: Deliveries;
  private readonly kafka: Kafka;
  private readonly producer: EventProducer;
  private readonly subscribers: EventSubscriber[] = [];
  private readonly fanOut: FanOut;
  private readonly gate = new Gate();
  private readonly topics: TopicMap;
  private topicsReady: Promise<void> | undefined;

  constructor(private readonly options: KafkaBusOptions) {
    const { config, clientId, publishers, logger } = options;
    this.kafka = kafkaClient(config, clientId, logger);
    this.producer = new EventProducer(this.kafka);
    this.topics = new TopicMap(config.topicPrefix, publishers);
    this.fanOut = new FanOut(this.topics);
    this.deliveries = new Deliveries({
      ...options,
      kafka: this.kafka,
      topics: this.topics,
      topicsReady: () => this.ensureTopics(),
      subscribers: this.subscribers,
      producer: this.producer,
      fanOut: this.fanOut,
      gate: this.gate,
    });
  }

  /** Soft: without brokers events wait in the outbox. */
  readonly check: HealthCheck = {
    name: 'kafka',
    severity: 'soft',
    check: () => withAdmin(this.kafka, async (admin) => void (await admin.describeCluster())),
  };

  get provenance(): EventProvenance {
    return this.topics.provenance;
  }

  async stop(): Promise<void> {
    await this.producer.stop();
  }

  subscribe(subscriber: EventSubscriber): void {
    this.subscribers.push(subscriber);
  }

  listen(listener: EventListener): () => void {
    const leave = this.fanOut.add(listener);
    this.deliveries.readForListeners();
    return leave;
  }

  pause(group: string): void {
    this.gate.close(group);
  }

  resume(group: string): void {
    this.gate.open(group);
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
    });
  }

  /** Once in the life of the process, as soon as the brokers are there. */
  private ensureTopics(): Promise<void> {
    this.topicsReady ??= this.makeTopics().catch((error) => {
      this.topicsReady = undefined;
      throw error;
    });
    return this.topicsReady;
  }

  private async makeTopics(): Promise<void> {
    const { withDeadLetters } = this.topics;
    const unfit = await withAdmin(this.kafka, (admin) => ensureTopics(admin, withDeadLetters, this.options.config));
    for (const difference of unfit) this.options.logger.warn(`${difference}; the topic stays as it is`);
  }
}
