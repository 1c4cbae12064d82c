import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';

/** Sends messages that every in-sync replica has when it answers, none of them twice. Connects when first needed, and anew after a failure. */
export class EventProducer {
  private connecting: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** Messages of one key keep their order. @throws when it is not certain that the brokers have all of them: send them again. */
  async send(topicMessages: readonly { topic: string; messages: Message[] }[]): Promise<void> {
    this.connecting ??= this.connect();
    const { connecting } = this;
    try {
      const producer = await connecting;
      await producer.sendBatch({ acks: -1, topicMessages: [...topicMessages] });
    } catch (error) {
      // The sequence numbers of a producer that has failed are of no use any more.
      if (this.connecting === connecting) this.connecting = undefined;
      void connecting.then((producer) => producer.disconnect()).catch(() => {});
      throw error;
    }
  }

  async stop(): Promise<void> {
    const producer = await this.connecting?.catch(() => undefined);
    this.connecting = undefined;
    await producer?.disconnect();
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }
}
