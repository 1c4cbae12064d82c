import { type CloudEvent, EventProvenance, type EventTypes, type Publisher, UntrustedEvent } from '@platform/events';
import { deadLetterTopicOf, toEvent, topicOf } from './message.js';

/** Which topic the events of which module are in: who wants a few types need not read the topics of all modules. */
export class TopicMap {
  readonly provenance: EventProvenance;
  private readonly byTopic: ReadonlyMap<string, string>;

  constructor(
    private readonly prefix: string,
    private readonly publishers: readonly Publisher[],
  ) {
    this.provenance = new EventProvenance(publishers);
    this.byTopic = new Map(publishers.map(({ name }) => [topicOf(prefix, name), name]));
  }

  /** The event of a message in a topic. @throws when it is none, and UntrustedEvent when the module of the topic cannot have published it */
  read(topic: string, value: Buffer | null): CloudEvent {
    const event = toEvent(value);
    const module = this.byTopic.get(topic);
    const refusal = module === undefined ? `no module publishes in ${topic}` : this.provenance.refusal(module, event);
    if (refusal !== undefined) throw new UntrustedEvent(refusal);
    return event;
  }

  /** The names of those that publish. */
  get modules(): readonly string[] {
    return this.publishers.map(({ name }) => name);
  }

  get all(): readonly string[] {
    return this.publishers.map(({ name }) => topicOf(this.prefix, name));
  }

  get withDeadLetters(): readonly string[] {
    return [...this.all, ...this.all.map(deadLetterTopicOf)];
  }

  /** Where events of the types can be. A type that nobody is known to publish may be anywhere. */
  carrying(wanted: EventTypes): readonly string[] {
    if (wanted === 'all' || wanted.some((type) => !this.publishers.some(({ types }) => types?.includes(type)))) {
      return this.all;
    }
    return this.publishers
      .filter(({ types }) => !types || types.some((type) => wanted.includes(type)))
      .map(({ name }) => topicOf(this.prefix, name));
  }

  /** The topics of those who publish any of the types. */
  carryingAny(wanted: readonly EventTypes[]): readonly string[] {
    return [...new Set(wanted.flatMap((types) => this.carrying(types)))];
  }
}
