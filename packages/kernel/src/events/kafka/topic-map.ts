import type { EventListener } from '../event-bus.js';
import { deadLetterTopicOf, topicOf } from './message.js';

/** A module with a topic of its own, and the types of the events in it; left out where they are not known. */
export interface Publisher {
  readonly name: string;
  readonly types?: readonly string[] | undefined;
}

/** Which topic the events of which module are in: who wants a few types need not read the topics of all modules. */
export class TopicMap {
  constructor(
    private readonly prefix: string,
    private readonly publishers: readonly Publisher[],
  ) {}

  get all(): readonly string[] {
    return this.publishers.map(({ name }) => topicOf(this.prefix, name));
  }

  get withDeadLetters(): readonly string[] {
    return [...this.all, ...this.all.map(deadLetterTopicOf)];
  }

  /** Where events of the types can be. A type that nobody is known to publish may be anywhere. */
  carrying(wanted: EventListener['types']): readonly string[] {
    if (wanted === 'all' || wanted.some((type) => !this.publishers.some(({ types }) => types?.includes(type)))) {
      return this.all;
    }
    return this.publishers
      .filter(({ types }) => !types || types.some((type) => wanted.includes(type)))
      .map(({ name }) => topicOf(this.prefix, name));
  }

  /** The topics of whoever publishes what any of them wants. */
  carryingAny(those: Iterable<Pick<EventListener, 'types'>>): readonly string[] {
    return [...new Set([...those].flatMap(({ types }) => this.carrying(types)))];
  }
}
