import type { Database } from '@platform/postgres/database';
import { ScratchSchema } from './scratch-schema.js';

const BY_ID = 'SELECT text FROM notes WHERE id = $1';
const MANY = 8;

describe('statements that come again', () => {
  let schema: ScratchSchema;

  beforeEach(async () => {
    schema = await ScratchSchema.create();
    await schema.write('1700000000001-first.sql', `CREATE TABLE notes (id int, text text)`);
    await schema.migrate();
    await schema.admin.query(`INSERT INTO ${schema.name}.notes VALUES (1, 'one'), (2, 'two')`);
  });
  afterEach(() => schema.remove());

  /** With a single connection, so that the test can ask what it keeps. */
  const database = async (preparedStatements: number): Promise<Database> => {
    const opened = schema.database({ preparedStatements, poolMax: 1 });
    await opened.start();
    return opened;
  };
  const again = async ({ read }: Database, statement: string, values: unknown[] = [1]): Promise<void> => {
    for (let time = 0; time < MANY; time += 1) await read.query(statement, values);
  };
  const kept = async ({ read }: Database): Promise<string[]> => {
    const rows = await read.query('SELECT statement FROM pg_prepared_statements ORDER BY prepare_time');
    return rows.map(({ statement }: { statement: string }) => statement);
  };

  it('are kept parsed and planned, and answer for each value', async () => {
    const opened = await database(10);
    await opened.read.query('SELECT $1::int', [1]);
    await again(opened, BY_ID);

    expect(await kept(opened)).toEqual([BY_ID]);
    expect(await opened.read.query(BY_ID, [2])).toEqual([{ text: 'two' }]);
    expect(await opened.read.query(BY_ID, [3])).toEqual([]);
  });

  it('are kept up to a number, and work beyond it', async () => {
    const opened = await database(2);
    for (const table of ['a', 'b', 'c']) await again(opened, `SELECT text AS ${table} FROM notes WHERE id = $1`);

    expect(await kept(opened)).toHaveLength(2);
    expect(await opened.read.query('SELECT text AS c FROM notes WHERE id = $1', [2])).toEqual([{ c: 'two' }]);
  });

  it('are not kept where that is switched off', async () => {
    const opened = await database(0);
    await again(opened, BY_ID);

    expect(await kept(opened)).toEqual([]);
  });

  it('go on after an error of one, within its own statement alone', async () => {
    const opened = await database(10);
    const divided = 'SELECT 1 / $1::int AS result';
    await again(opened, divided);

    await expect(opened.read.query(divided, [0])).rejects.toMatchObject({ driverError: { code: '22012' } });
    await expect(opened.read.query(BY_ID, ['no number'])).rejects.toMatchObject({ driverError: { code: '22P02' } });
    expect(await opened.read.query(divided, [1])).toEqual([{ result: 1 }]);
    await again(opened, BY_ID);
    expect(await kept(opened)).toEqual([divided, BY_ID]);
  });

  it('are prepared anew once a migration has changed the type of what they answer', async () => {
    const opened = await database(10);
    const ids = 'SELECT id FROM notes WHERE text = $1';
    await again(opened, ids, ['two']);
    await schema.write('1700000000002-second.sql', 'ALTER TABLE notes ALTER id TYPE bigint');
    await schema.migrate();

    await expect(opened.read.query(ids, ['two'])).rejects.toMatchObject({ driverError: { code: '0A000' } });
    expect(await opened.read.query(ids, ['two'])).toEqual([{ id: '2' }]);
  });

  it('follow a table that gets another column, or another index', async () => {
    const opened = await database(10);
    await again(opened, BY_ID);
    await schema.write(
      '1700000000002-second.sql',
      'ALTER TABLE notes ADD read_at timestamptz; CREATE INDEX ON notes (id)',
    );
    await schema.migrate();

    expect(await opened.read.query(BY_ID, [2])).toEqual([{ text: 'two' }]);
  });
});
