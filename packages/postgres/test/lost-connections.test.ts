import { ErrorBus, isConnectionFailure, maskError } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { eventually, ServiceProxy } from '@platform/testkit';
import { GraphQLError } from 'graphql';
import { ScratchSchema } from './scratch-schema.js';

const SLOW = 'SELECT 1 AS one FROM pg_sleep(0.5)';
const ADD = 'INSERT INTO notes VALUES ($1)';

/** What a server says that waits for a statement, and one that shuts down. */
const READY = Buffer.from('Z\0\0\0\x05I');
const SHUTDOWN = Buffer.from('E\0\0\0\x3dSFATAL\0VFATAL\0C57P01\0Mterminating connection by request\0\0');

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

/** Ends the backends of the slow statements, as soon as so many run that were not ended before. */
const ended = new Set<number>();
const killed = (count = 1) =>
  eventually(async () => {
    const { rows } = await schema.admin.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND wait_event = 'PgSleep' AND pid <> ALL ($2)`,
      [`platform ${schema.name}`, [...ended]],
    );
    expect(rows).toHaveLength(count);
    for (const { pid } of rows) {
      ended.add(pid);
      await schema.admin.query('SELECT pg_terminate_backend($1)', [pid]);
    }
  });
const toldOf = (error: unknown) => {
  const bus = new ErrorBus();
  const located = new GraphQLError(String(error), { originalError: error as Error });
  return maskError(located.toJSON(), located, bus).extensions;
};
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a connection that is lost', () => {
  it('lets a read be asked once more, on another one', async () => {
    const answer = database.read.query(SLOW);
    await killed();
    expect(await answer).toEqual([{ one: 1 }]);
  });

  it('lets it be asked no third time', async () => {
    const failure = failureOf(database.read.query(SLOW));
    await killed();
    await killed();
    expect(isConnectionFailure(await failure)).toBe(true);
    expect(toldOf(await failure)).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1 });
  });

  it('lets no change be made again, nor what is read within one', async () => {
    const changes = [
      database.transaction(async (tx) => {
        await tx.query(ADD, [1]);
        await tx.query(SLOW);
      }),
      database.read.query(`${ADD} RETURNING pg_sleep(0.5)`, [2]),
    ].map(failureOf);
    await killed(changes.length);
    expect((await Promise.all(changes)).every(isConnectionFailure)).toBe(true);
    expect((await schema.admin.query(`SELECT FROM ${schema.name}.notes`)).rowCount).toBe(0);
  });

  it('in the very moment in which it opens fails what it was opened for, and nothing else', async () => {
    const proxy = new ServiceProxy(new URL(schema.test.url), (said) =>
      said.subarray(-READY.length).equals(READY) && leaving-- > 0 ? Buffer.concat([said, SHUTDOWN]) : said,
    );
    let leaving = 0;
    const through = schema.database({ url: await proxy.start(), poolMin: 0, poolMax: 4 });
    await through.start();
    leaving = 2;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => failureOf(through.read.query('SELECT 1 AS one'))),
    );
    expect(leaving).toBeLessThan(0);
    expect(answers.filter((answer) => !Array.isArray(answer)).every(isConnectionFailure)).toBe(true);
    expect(await through.read.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    await through.stop();
    proxy.stop();
  });
});

describe('a client is told that the service is unavailable', () => {
  const pg = (code: string) => Object.assign(new Error('from the server'), { code });
  it.each([
    ['the server shuts down', pg('57P01')],
    ['it crashed', pg('57P02')],
    ['it starts', pg('57P03')],
    ['it has no connection left', pg('53300')],
    ['its disk is full', pg('53100')],
    ['it has become a replica', pg('25006')],
    ['nobody listens', pg('ECONNREFUSED')],
    ['no descriptor is left', pg('EMFILE')],
    ['no address answers', new AggregateError([pg('ECONNREFUSED'), pg('ECONNREFUSED')])],
    ['the connection ends', new Error('Connection terminated unexpectedly')],
    ['none is to be had in time', new Error('timeout exceeded when trying to connect')],
  ])('when %s', (_, error) => expect(toldOf(error)).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1 }));

  it('and of a mistake of ours that it is one', () => {
    for (const error of [pg('42P01'), pg('23502'), new Error('other')])
      expect(toldOf(error)).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });
});
