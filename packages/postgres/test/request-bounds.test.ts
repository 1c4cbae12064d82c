import { expensive, RequestBounds } from '@platform/foundation/request-bounds';
import { afterCommit, type Database } from '@platform/postgres/database';
import { eventually } from '@platform/testkit';
import { ScratchSchema } from './scratch-schema.js';

const ADA = { key: 'ada', signedIn: true };
const NETWORK = { key: '192.0.2.1', signedIn: false };
const FOREVER = 'SELECT pg_sleep(600)';
const ADD = 'INSERT INTO notes VALUES ($1)';

let schema: ScratchSchema;
let database: Database;

beforeAll(async () => {
  schema = await ScratchSchema.create();
  await schema.write('1700000000001-first.sql', 'CREATE TABLE notes (id int)');
  await schema.migrate();
  database = schema.database();
  await database.start();
});
afterAll(() => schema.remove());
afterEach(() => schema.admin.query(`TRUNCATE ${schema.name}.notes`));

const within = <T>(
  timeoutMs: number,
  work: (bounds: RequestBounds) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  const bounds = new RequestBounds(ADA, { timeoutMs, signal });
  return bounds.run(() => work(bounds));
};
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error) => (error.driverError ?? error).extensions?.code ?? error,
  );
const statements = async (): Promise<string[]> => {
  const { rows } = await schema.admin.query(
    `SELECT query FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'`,
    [`platform ${schema.name}`],
  );
  return rows.map(({ query }) => query);
};
const ids = async (): Promise<number[]> => {
  const { rows } = await schema.admin.query(`SELECT id FROM ${schema.name}.notes ORDER BY id`);
  return rows.map(({ id }) => id);
};
const running = (count: number) => eventually(async () => expect(await statements()).toHaveLength(count));
const signalOf = ({ signal }: RequestBounds): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

describe('a statement', () => {
  it('ends on the server with the time of its request, before the request has its answer', async () => {
    expect(await codeOf(within(200, () => database.read.query(FOREVER)))).toBe('SUBGRAPH_TIMEOUT');
    expect(await statements()).toEqual([]);
  });

  it('ends when its client leaves', async () => {
    const client = new AbortController();
    const request = codeOf(within(60_000, () => database.read.query(FOREVER), client.signal));
    await running(1);
    client.abort();
    expect(await request).toBe('REQUEST_ABANDONED');
    expect(await statements()).toEqual([]);
  });

  it('ends with the answer of its request, where something else has decided on that', async () => {
    const left = within(60_000, async () => {
      void database.read.query(FOREVER).catch(() => {});
      await running(1);
    });
    await left;
    await running(0);
  });

  it('is not sent any more when the time is over', async () => {
    const sent = within(100, async (bounds) => {
      await signalOf(bounds);
      await database.read.query(ADD, [1]);
    });
    expect(await codeOf(sent)).toBe('SUBGRAPH_TIMEOUT');
    expect(await ids()).toEqual([]);
  });

  it('of another request is never ended in its place', async () => {
    const single = schema.database({ poolMax: 1 });
    await single.start();
    for (let round = 0; round < 30; round += 1) {
      const cut = within(20 + round, () => single.read.query(FOREVER));
      const next = single.read.query('SELECT 1 AS one FROM pg_sleep(0.01)');
      expect(await codeOf(cut)).toBe('SUBGRAPH_TIMEOUT');
      expect(await next).toEqual([{ one: 1 }]);
    }
  });

  it('outside of requests is not bounded, also when a commit of one has begun it', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    await within(60_000, () =>
      database.transaction(async (tx) => {
        afterCommit(tx, () => resolve(database.read.query('SELECT 1 AS one FROM pg_sleep(0.2)')));
      }),
    );
    expect(await promise).toEqual([{ one: 1 }]);
  });
});

describe('a transaction', () => {
  it('is not committed when the time of its request is over', async () => {
    const change = within(200, (bounds) =>
      database.transaction(async (tx) => {
        await tx.query(ADD, [1]);
        await signalOf(bounds);
      }),
    );
    expect(await codeOf(change)).toBe('SUBGRAPH_TIMEOUT');
    expect(await ids()).toEqual([]);
    expect(await statements()).toEqual([]);
  });

  it('that waits for a lock ends with its request, and nothing of it happens once the lock is free', async () => {
    await schema.admin.query(`BEGIN; LOCK TABLE ${schema.name}.notes`);
    const change = within(200, () => database.transaction((tx) => tx.query(ADD, [1])));
    expect(await codeOf(change)).toBe('SUBGRAPH_TIMEOUT');
    await schema.admin.query('COMMIT');
    expect(await ids()).toEqual([]);
  });

  it('that commits is waited for, and its answer may be read in the time that was put by for it', async () => {
    const answer = await within(2_000, async (bounds) => {
      await database.transaction((tx) => tx.query(ADD, [1]));
      await eventually(() => expect(bounds.left).toBe(0), { interval: 1 });
      return database.read.query('SELECT id FROM notes');
    });
    expect(answer).toEqual([{ id: 1 }]);
  });

  it('tells the server until when it may hold its locks, by the statement that begins it', async () => {
    const [{ idle, statement }] = await within(5_000, () =>
      database.transaction((tx) =>
        tx.query(
          `SELECT current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('statement_timeout') AS statement`,
        ),
      ),
    );
    for (const limit of [idle, statement]) expect(limit).toMatch(/^5\d\d\dms$/);
    expect(await database.read.query(`SELECT current_setting('statement_timeout') AS own`)).toEqual([{ own: '30s' }]);
  });
});

describe('who waits for a connection', () => {
  it('waits no longer than the time of the request is', async () => {
    const taken = [1, 2, 3].map(() => codeOf(within(60_000, () => database.read.query('SELECT pg_sleep(1)'))));
    await running(3);
    expect(await codeOf(within(100, () => database.read.query(ADD, [1])))).toBe('SUBGRAPH_TIMEOUT');
    await Promise.all(taken);
    expect(await ids()).toEqual([]);
  });

  it('is refused at once where too many wait', async () => {
    const full = schema.database({ poolMax: 1, queue: 2 });
    await full.start();
    const client = new AbortController();
    const ask = () => codeOf(within(60_000, () => full.read.query(FOREVER), client.signal));
    const waiting = [ask(), ask(), ask()];
    await running(1);
    expect(await ask()).toBe('SERVICE_BUSY');
    client.abort();
    expect(await Promise.all(waiting)).toEqual(Array(3).fill('REQUEST_ABANDONED'));
  });

  it('finds connections that neither anonymous callers, nor expensive work, nor the process itself can take', async () => {
    const shared = schema.database({ poolMax: 10 });
    await shared.start();
    const ended = new AbortController();
    const request = (asker: typeof ADA, work = (): Promise<unknown> => shared.read.query(FOREVER)) =>
      codeOf(new RequestBounds(asker, { signal: ended.signal }).run(work));
    const costly = () => expensive(() => shared.read.query(FOREVER));

    const strangers = Array.from({ length: 50 }, () => request(NETWORK));
    await running(5);
    const searches = Array.from({ length: 50 }, () => request(ADA, costly));
    await running(7);
    const answer = await new RequestBounds(ADA).run(() => shared.read.query('SELECT 1 AS one'));
    expect(answer).toEqual([{ one: 1 }]);
    expect(await shared.read.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    expect(await statements()).toHaveLength(7);

    ended.abort();
    await Promise.all([...strangers, ...searches]);
    await running(0);
  });

  it('waits for nobody’s share while holding a connection', async () => {
    const small = schema.database({ poolMax: 4 });
    await small.start();
    const read = () => small.read.query('SELECT 1 AS one');
    const both = [1, 2].map(() =>
      new RequestBounds(ADA).run(() =>
        small.transaction(async (tx) => [await tx.query('SELECT pg_sleep(0.05)'), await read()]),
      ),
    );
    for (const [, answer] of await Promise.all(both)) expect(answer).toEqual([{ one: 1 }]);
  });
});
