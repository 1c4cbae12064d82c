import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { Database } from '@platform/postgres/database';
import { ACROSS_TENANTS } from '@platform/postgres/tenancy';
import { type ListOrder, type Page, PageLoader, paginate } from '@platform/subgraph-server/graphql';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import fc from 'fast-check';
import pg from 'pg';
import { EntitySchema } from 'typeorm';

interface Note {
  readonly id: string;
  readonly shelf: string;
  readonly rank: number;
}

const noteEntity = new EntitySchema<Note>({
  name: 'note',
  columns: { id: { type: 'uuid', primary: true }, shelf: { type: 'text' }, rank: { type: 'int' } },
});

/** Few ranks, so that many rows are equal but for the last column. */
const rows = fc.uniqueArray(
  fc.record({ id: fc.uuid(), shelf: fc.constantFrom('a', 'b'), rank: fc.integer({ min: 0, max: 3 }) }),
  { maxLength: 12, selector: ({ id }) => id },
);
const direction = fc.constantFrom('ASC' as const, 'DESC' as const);
const size = fc.integer({ min: 1, max: 5 });

describe('walking a list', () => {
  const { database: settings, logging } = loadConfig(processSections, { environment: 'test' });
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query('SET ROLE blog_owner; SET search_path TO blog');
    await admin.query('CREATE TABLE note (id uuid PRIMARY KEY, shelf text NOT NULL, rank int NOT NULL)');
    database = new Database({
      url: test.url,
      config: settings,
      schema: 'blog',
      entities: [noteEntity],
      logger: createLogger({ ...logging, level: 'silent' }),
      metrics: new Metrics(),
      otherwise: ACROSS_TENANTS,
    });
    await database.start();
  });
  afterAll(async () => {
    await database?.stop();
    await admin?.end();
    await test?.drop();
  });

  const fill = async (notes: readonly Note[]): Promise<void> => {
    await admin.query('DELETE FROM note');
    await admin.query('INSERT INTO note SELECT * FROM jsonb_populate_recordset(NULL::note, $1)', [
      JSON.stringify(notes),
    ]);
  };

  const orderOf = (way: 'ASC' | 'DESC'): ListOrder<Note> => ({
    columns: ['note.rank', 'note.id'],
    direction: way,
    valuesOf: ({ rank, id }) => [rank, id],
  });

  const sorted = (notes: readonly Note[], way: 'ASC' | 'DESC'): string[] => {
    const ids = [...notes].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
    return way === 'ASC' ? ids : ids.reverse();
  };

  type Turn = (args: { first?: number; after?: string; last?: number; before?: string }) => Promise<Page<Note>>;

  const forward = async (turn: Turn, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let after: string | undefined; ; ) {
      const { edges, pageInfo } = await turn({ first: count, after });
      ids.push(...edges.map(({ node }) => node.id));
      if (!pageInfo.hasNextPage) return ids;
      after = pageInfo.endCursor ?? undefined;
    }
  };

  const backward = async (turn: Turn, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let before: string | undefined; ; ) {
      const { edges, pageInfo } = await turn({ last: count, before });
      ids.unshift(...edges.map(({ node }) => node.id));
      if (!pageInfo.hasPreviousPage) return ids;
      before = pageInfo.startCursor ?? undefined;
    }
  };

  it('visits every row once and in order, forwards and backwards, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(rows, direction, size, async (notes, way, count) => {
        await fill(notes);
        const turn: Turn = (args) => paginate(database.read.createQueryBuilder(noteEntity, 'note'), orderOf(way), args);

        const expected = sorted(notes, way);
        expect(await forward(turn, count)).toEqual(expected);
        expect(await backward(turn, count)).toEqual(expected);
        expect(await (await turn({ first: 0 })).count()).toBe(notes.length);
        const more = notes.length > 0;
        expect((await turn({ first: 0 })).pageInfo).toMatchObject({ hasNextPage: more, hasPreviousPage: false });
        expect((await turn({ last: 0 })).pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: more });
      }),
      { numRuns: 60 },
    );
  });

  it('visits every row of one parent once and in order, though other parents are read in the same statement', async () => {
    await fc.assert(
      fc.asyncProperty(rows, direction, size, async (notes, way, count) => {
        await fill(notes);
        const loader = new PageLoader<Note>({
          query: () => database.read.createQueryBuilder(noteEntity, 'note'),
          parent: 'shelf',
          order: orderOf(way),
        });

        await Promise.all(
          ['a', 'b'].map(async (shelf) => {
            const expected = sorted(
              notes.filter((note) => note.shelf === shelf),
              way,
            );
            expect(await forward((args) => loader.load(shelf, args), count)).toEqual(expected);
            expect(await backward((args) => loader.load(shelf, args), count)).toEqual(expected);
            expect(await (await loader.load(shelf, { first: 1 })).count()).toBe(expected.length);
          }),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('between two cursors shows what lies between them', async () => {
    const notes = [0, 1, 2, 3, 4].map((rank) => ({
      id: `018f0000-0000-7000-8000-00000000000${rank}`,
      shelf: 'a',
      rank,
    }));
    await fill(notes);
    const turn: Turn = (args) => paginate(database.read.createQueryBuilder(noteEntity, 'note'), orderOf('ASC'), args);
    const { edges } = await turn({ first: 5 });

    const between = await turn({ first: 5, after: edges[0]?.cursor, before: edges[4]?.cursor });

    expect(between.edges.map(({ node }) => node.rank)).toEqual([1, 2, 3]);
  });

  it.each([
    [[1, 'no id']],
    [['no rank', '018f0000-0000-7000-8000-000000000001']],
    [[99_999_999_999, '018f0000-0000-7000-8000-000000000001']],
    [[1, '\u0000']],
  ])('refuses a cursor that PostgreSQL cannot read: %j', async (values) => {
    const after = Buffer.from(JSON.stringify(values)).toString('base64url');
    const page = paginate(database.read.createQueryBuilder(noteEntity, 'note'), orderOf('ASC'), { after });
    await expect(page).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: { after: expect.any(String) } });
  });

  it('refuses any junk as a cursor, and never with another error', async () => {
    await fill([]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.constantFrom('after', 'before'), async (junk, argument) => {
        const page = paginate(database.read.createQueryBuilder(noteEntity, 'note'), orderOf('ASC'), {
          [argument]: junk,
        });
        await expect(page).rejects.toMatchObject({
          code: 'BAD_USER_INPUT',
          fields: { [argument]: expect.any(String) },
        });
      }),
    );
  });
});
