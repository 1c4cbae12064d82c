import type { CopyTarget } from '@platform/postgres/database';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/** Whatever runs SQL and answers rows, and takes rows in bulk. */
export type Queries = Pick<EntityManager, 'query'> & CopyTarget;

/** The driver's own client as that. */
export const queriesOf = (client: pg.Client): Queries => ({
  query: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows as never,
  queryRunner: { connect: async () => client },
});
