import { textArray } from '@platform/kernel/database';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import fc from 'fast-check';
import pg from 'pg';

/** Whatever PostgreSQL can hold: well-formed, without NUL. */
const storable = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed());
const texts = fc.array(fc.oneof(storable, fc.constant(null), fc.constantFrom('', 'NULL', '"', '\\', '{a,b}', 'é€😀')));

describe('textArray', () => {
  let test: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    test = await createTestDatabase();
    client = new pg.Client({ connectionString: test.url });
    await client.connect();
  });

  afterAll(async () => {
    await client?.end();
    await test?.drop();
  });

  it('is read by PostgreSQL as what was written', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const { rows } = await client.query('SELECT $1::text[] AS values', [textArray(values)]);
        expect(rows[0].values).toEqual(values);
      }),
    );
  });
});
