import type { ReceivedHeaders } from '@platform/federation-engine';
import type { HeadersConfig } from './options.js';

/** What becomes of several values: the first or the last one, or all of them. */
export type MergePolicy = 'first' | 'last' | 'append';

/** One value of a subgraph's header on its way to the client. */
export interface PassedHeader {
  readonly name: string;
  readonly value: string;
  readonly merge: MergePolicy;
}

/** Which headers of subgraphs' answers clients get. */
export class ResponseHeaderPropagation {
  private readonly rules: ReadonlyMap<string, { readonly merge: MergePolicy; readonly subgraphs?: readonly string[] }>;

  constructor({ fromSubgraphs }: Pick<HeadersConfig, 'fromSubgraphs'>) {
    this.rules = new Map(Object.entries(fromSubgraphs));
  }

  /** Where the engine is to put what it receives; undefined where nothing passes. */
  collector(): ReceivedHeaders[] | undefined {
    return this.rules.size > 0 ? [] : undefined;
  }

  /** What passes, in its order. Cookies pass from mutations alone: answers to queries may be shared by several callers. */
  of(received: readonly ReceivedHeaders[], isMutation: boolean): PassedHeader[] {
    return received.flatMap(({ subgraph, rawHeaders }) => {
      const passing: PassedHeader[] = [];
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = textOf(rawHeaders[index]).toLowerCase();
        const rule = this.rules.get(name);
        if (!rule || (rule.subgraphs && !rule.subgraphs.includes(subgraph))) continue;
        if (name === 'set-cookie' && !isMutation) continue;
        passing.push({ name, value: textOf(rawHeaders[index + 1]), merge: rule.merge });
      }
      return passing;
    });
  }
}

/** One header of each name, as its policy says; cookies are never joined, each is a header of its own. */
export function mergedHeaders(passed: readonly PassedHeader[]): Record<string, string | string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value, merge } of passed) {
    const known = values.get(name);
    if (!known || merge === 'last') values.set(name, [value]);
    else if (merge === 'append') known.push(value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, name === 'set-cookie' ? all : all.join(', ')]));
}

const textOf = (bytes: Buffer | undefined): string => bytes?.toString('latin1') ?? '';
