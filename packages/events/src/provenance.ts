import type { CloudEvent } from './cloud-event.js';

/** A module that publishes events, and the types of those; left out where they are not known. */
export interface Publisher {
  readonly name: string;
  readonly types?: readonly string[] | undefined;
}

/** Says which module may publish which type of event. An envelope alone proves nothing: whoever can write one can write any name into it. */
export class EventProvenance {
  /** The module of each type that a module is known to publish. */
  private readonly owners: ReadonlyMap<string, string>;
  /** Modules whose types are all known. */
  private readonly complete: ReadonlySet<string>;

  constructor(publishers: readonly Publisher[] = []) {
    this.owners = new Map(publishers.flatMap(({ name, types = [] }) => types.map((type) => [type, name] as const)));
    this.complete = new Set(publishers.filter(({ types }) => types).map(({ name }) => name));
  }

  /** Why the event cannot be the module's, whose outbox or topic it was in; undefined when it can. */
  refusal(module: string, { source, type }: Pick<CloudEvent, 'source' | 'type'>): string | undefined {
    if (source !== `/${module}`) return `an event of ${module} says that it is from ${source}`;
    const owner = this.owners.get(type);
    if (owner === module || (owner === undefined && !this.complete.has(module))) return undefined;
    return owner === undefined ? `${module} publishes no ${type}` : `${module} publishes ${type}, which is of ${owner}`;
  }
}

/** An event that is not from where it says, or that its module may not publish. */
export class UntrustedEvent extends Error {
  override readonly name = 'UntrustedEvent';
}
