import { type CopiedColumn, copyIn } from '@platform/postgres/database';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import fc from 'fast-check';
import pg from 'pg';

interface Row {
  readonly id: string | null;
  readonly place: bigint | null;
  readonly text: string | null;
  readonly json: string | null;
  readonly time: Date | null;
}

/** What the table takes no row with. */
const REFUSED = 13n;

const COLUMNS: readonly CopiedColumn<Row>[] = [
  ['id', 'uuid', ({ id }) => id],
  ['place', 'bigint', ({ place }) => place],
  ['text', 'text', ({ text }) => text],
  ['json', 'jsonb', ({ json }) => json],
  ['time', 'timestamptz', ({ time }) => time],
];

/** Whatever PostgreSQL can hold: well-formed, without NUL. */
const storable = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed());
const texts = fc.oneof(storable, fc.constantFrom('', 'NULL', '\\N', '"', '\\.', '\t\n', 'é€😀'));
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    id: orNull(fc.uuid()),
    place: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((place) => place !== REFUSED)),
    text: orNull(texts),
    json: orNull(texts.map((text) => JSON.stringify({ text }))),
    time: orNull(fc.date({ min: new Date('0001-01-01Z'), max: new Date('9999-12-31Z'), noInvalidDate: true })),
  }),
);

describe('copyIn', () => {
  let test: TestDatabase;
  let client: pg.Client;
  const add = (added: readonly Row[]) =>
    copyIn({ queryRunner: { connect: async () => client } }, 'copied', COLUMNS, added);

  beforeAll(async () => {
    test = await createTestDatabase();
    client = new pg.Client({ connectionString: test.url });
    await client.connect();
    await client.query(
      `CREATE TABLE copied (number serial, id uuid, place bigint CHECK (place <> ${REFUSED}), text text, json jsonb, time timestamptz)`,
    );
  });

  afterAll(async () => {
    await client?.end();
    await test?.drop();
  });

  it('has PostgreSQL read what was written', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (added) => {
        await client.query('TRUNCATE copied');
        await add(added);
        const { rows: found } = await client.query(
          `SELECT id, place::text, text, json::text, (extract(epoch FROM time) * 1000)::bigint::text AS time FROM copied ORDER BY number`,
        );
        expect(found.map(({ json, ...row }) => ({ ...row, json: json && JSON.parse(json) }))).toEqual(
          added.map(({ id, place, text, json, time }) => ({
            id,
            place: place === null ? null : String(place),
            text,
            time: time === null ? null : String(time.getTime()),
            json: json && JSON.parse(json),
          })),
        );
      }),
    );
  });

  const row: Row = { id: null, place: null, text: null, json: null, time: null };

  it('takes rows that are larger than expected', async () => {
    await client.query('TRUNCATE copied');
    await add([{ ...row, text: '€'.repeat(100_000) }, row]);
    const { rows: found } = await client.query('SELECT length(text) AS characters FROM copied ORDER BY number');
    expect(found).toEqual([{ characters: 100_000 }, { characters: null }]);
  });

  it('says what the server refuses, and leaves the connection fit for more', async () => {
    await client.query('TRUNCATE copied');
    await expect(add([row, { ...row, place: REFUSED }])).rejects.toMatchObject({ code: '23514' });
    await expect(add([{ ...row, json: '{' }])).rejects.toMatchObject({ code: '22P02' });
    await expect(add([{ ...row, id: 'no UUID' }])).rejects.toThrow('Invalid UUID');
    await add([{ ...row, text: 'good' }]);
    expect((await client.query('SELECT text FROM copied')).rows).toEqual([{ text: 'good' }]);
  });
});
