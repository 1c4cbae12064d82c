import { WeightedCache } from '@platform/foundation/weighted-cache';
import type pg from 'pg';

/** A statement that has been used so often is one that comes again. */
const USES = 5;
/** What the texts whose uses are counted may weigh, in bytes. */
const COUNTED = 2 * 1024 * 1024;
/** A longer text is not kept: its size is that of somebody's list, and it hardly comes again. */
const LONGEST = 20_000;

/** What a statement says in a comment that is to be planned for its values, each time: it gets no name. */
export const CUSTOM_PLAN = 'custom plan';

/** Under what names connections keep statements parsed and planned. */
class StatementNames {
  private readonly names = new Map<string, string>();
  private readonly uses = new WeightedCache<number>({ bytes: COUNTED, weigh: () => 0 });
  private given = 0;

  constructor(private readonly most: number) {}

  /** Undefined for a text that is not kept, or not yet. */
  of(text: string): string | undefined {
    if (text.includes(`/* ${CUSTOM_PLAN} */`)) return undefined;
    const name = this.names.get(text);
    if (name !== undefined || this.names.size >= this.most || text.length > LONGEST) return name;
    const uses = (this.uses.get(text) ?? 0) + 1;
    this.uses.set(text, uses);
    return uses < USES ? undefined : this.rename(text);
  }

  rename(text: string): string {
    const name = `kept_${this.given++}`;
    this.names.set(text, name);
    return name;
  }
}

/**
 * A client for a pool whose connections keep the statements that come again, up to `most` of them, parsed and planned: for a short one,
 * that is half of what it costs PostgreSQL. The texts of a process are counted together, so every connection keeps the same.
 */
export function preparingClient(Client: typeof pg.Client, most: number): typeof pg.Client {
  const names = new StatementNames(most);
  return class PreparingClient extends Client {
    override query(statement: unknown, values?: unknown, callback?: unknown): never {
      const hasValues = typeof statement === 'string' && Array.isArray(values) && values.length > 0;
      const name = hasValues && callback === undefined ? names.of(statement) : undefined;
      if (name === undefined)
        return super.query(statement as string, values as unknown[], callback as () => void) as never;
      const result = super.query({ name, text: statement as string, values: values as unknown[] });
      return result.catch((error) => {
        if (isOutdated(error)) names.rename(statement as string);
        throw error;
      }) as never;
    }
  };
}

/** A migration gave the columns that the statement answers another type. */
const isOutdated = ({ code, routine }: { code?: string; routine?: string }): boolean =>
  code === '0A000' && routine === 'RevalidateCachedQuery';
