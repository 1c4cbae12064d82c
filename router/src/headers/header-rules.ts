import { HeaderNames } from './header-names.js';
import type { HeadersConfig } from './options.js';

/** Whoever has sent headers, by lower-case name. */
interface Sender {
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

interface Rules {
  readonly forward: HeaderNames;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: HeaderNames;
}

/** Which headers each subgraph gets besides those that the router makes. */
export class HeaderRules {
  private readonly all: Rules;
  private readonly own: ReadonlyMap<string, Rules>;
  /** The client's headers that any subgraph gets, as names and patterns. */
  readonly forwarded: readonly string[];

  /** @param internal a header that the router alone reads, whatever is forwarded. */
  constructor(
    { all, subgraphs }: Pick<HeadersConfig, 'all' | 'subgraphs'>,
    private readonly internal?: string,
  ) {
    this.all = { forward: new HeaderNames(all.forward), set: all.set, remove: new HeaderNames(all.remove) };
    this.own = new Map(
      Object.entries(subgraphs).map(([name, { forward = [], set = {}, remove = [] }]) => [
        name,
        {
          forward: new HeaderNames([...all.forward, ...forward]),
          set: { ...all.set, ...set },
          remove: new HeaderNames([...all.remove, ...remove]),
        },
      ]),
    );
    this.forwarded = [...new Set([all, ...Object.values(subgraphs)].flatMap(({ forward = [] }) => forward))];
  }

  /** What the subgraph gets: forwarded, then what the router makes, less what is removed, and what is set. */
  apply({ headers }: Sender, subgraph: string, made: Record<string, string>): Record<string, string> {
    const { forward, set, remove } = this.own.get(subgraph) ?? this.all;
    const result = forward.of(headers);
    if (this.internal !== undefined) delete result[this.internal];
    Object.assign(result, made);
    for (const name of Object.keys(result)) if (remove.has(name)) delete result[name];
    return Object.assign(result, set);
  }
}
