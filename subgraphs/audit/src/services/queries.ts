import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/** Whatever runs SQL and answers rows. */
export type Queries = Pick<EntityManager, 'query'>;

/** The driver's own client as that. */
export const queriesOf = (client: pg.Client): Queries => ({
  query: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows as never,
});
