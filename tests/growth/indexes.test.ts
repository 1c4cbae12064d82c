import { subgraphNames } from '@platform/runtime/modules';
import { useDatabase } from '@platform/testkit';

/** Columns that rows are looked up by, with the columns that indexes of their table begin with. */
const LOOKED_UP = `
  WITH indexed AS (
    SELECT indrelid, indkey::text || ' ' AS columns FROM pg_index WHERE indpred IS NULL AND indisvalid),
  looked_up AS (
    SELECT conrelid AS relation, conkey AS columns, conname::text AS name FROM pg_constraint WHERE contype = 'f'
    UNION ALL
    SELECT attrelid, ARRAY[attnum], attname FROM pg_attribute
      WHERE attname ~ '(^|_)(user|author|uploader|asker|actor|subject|role|post|session)_id$' AND atttypid IN ('uuid'::regtype, 'text'::regtype))
  SELECT format('%s: %s', relation::regclass, name) AS missing
  FROM looked_up JOIN pg_class ON pg_class.oid = relation JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = ANY ($1)
    AND NOT EXISTS (SELECT FROM indexed WHERE indrelid = relation AND starts_with(indexed.columns, array_to_string(looked_up.columns, ' ') || ' '))
  ORDER BY 1`;

/** Indexes of the same columns as another begins with, which reads can use instead. */
const REDUNDANT = `
  SELECT format('%s, as there is %s', one.indexrelid::regclass, other.indexrelid::regclass) AS redundant
  FROM pg_index AS one JOIN pg_index AS other ON other.indrelid = one.indrelid AND other.indexrelid <> one.indexrelid
    JOIN pg_class ON pg_class.oid = one.indrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = ANY ($1) AND NOT relispartition AND NOT one.indisunique
    AND one.indexprs IS NULL AND other.indexprs IS NULL AND one.indpred IS NULL AND other.indpred IS NULL AND one.indclass[0] = other.indclass[0]
    AND starts_with(other.indkey::text || ' ', one.indkey::text || ' ')
  ORDER BY 1`;

describe('the indexes', () => {
  const database = useDatabase();

  it('lead to the rows of every foreign key, and of everybody and everything that rows refer to by id', async () => {
    expect((await database.client.query(LOOKED_UP, [subgraphNames])).rows).toEqual([]);
  });

  it('are none of them the beginning of another', async () => {
    expect((await database.client.query(REDUNDANT, [subgraphNames])).rows).toEqual([]);
  });
});
