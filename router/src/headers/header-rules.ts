import type { HeadersConfig } from './options.js';

/** Whoever has sent headers, by lower-case name. */
interface Sender {
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

interface Rules {
  readonly forward: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** Which headers each subgraph gets besides those that the router makes. */
export class HeaderRules {
  private readonly all: Rules;
  private readonly own: ReadonlyMap<string, Rules>;

  constructor({ all, subgraphs }: Pick<HeadersConfig, 'all' | 'subgraphs'>) {
    this.all = all;
    this.own = new Map(
      Object.entries(subgraphs).map(([name, { forward = [], set = {}, remove = [] }]) => [
        name,
        { forward: [...all.forward, ...forward], set: { ...all.set, ...set }, remove: [...all.remove, ...remove] },
      ]),
    );
  }

  /** The client's headers that any subgraph gets. */
  get forwarded(): string[] {
    return [...new Set([this.all, ...this.own.values()].flatMap(({ forward }) => forward))];
  }

  /** What the subgraph gets: forwarded, then what the router makes, less what is removed, and what is set. */
  apply({ headers = {} }: Sender, subgraph: string, made: Record<string, string>): Record<string, string> {
    const { forward, set, remove } = this.own.get(subgraph) ?? this.all;
    const result: Record<string, string> = {};
    for (const name of forward) {
      const value = headers[name];
      if (value !== undefined) result[name] = typeof value === 'string' ? value : value.join(', ');
    }
    Object.assign(result, made);
    for (const name of remove) delete result[name];
    return Object.assign(result, set);
  }
}
