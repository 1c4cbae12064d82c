import type { Database } from '@platform/kernel/database';
import { ErrorBus, isConnectionFailure, maskError } from '@platform/kernel/errors';
import { eventually } from '@platform/testkit';
import { GraphQLError } from 'graphql';
import { ScratchSchema } from './scratch-schema.js';

const SLOW = 'SELECT 1 AS one FROM pg_sleep(0.5)';
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

/** Ends the backends of the statements that run, as soon as there are any. */
const killed = () =>
  eventually(async () => {
    const { rowCount } = await schema.admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'`,
      [`platform ${schema.name}`],
    );
    expect(rowCount).toBeGreaterThan(0);
  });
const toldOf = (error: unknown) => {
  const bus = new ErrorBus();
  const located = new GraphQLError(String(error), { originalError: error as Error });
  return maskError(located.toJSON(), located, bus).extensions;
};
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(String, (error: unknown) => error);

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
    await killed();
    await eventually(async () => expect((await Promise.all(changes)).every(isConnectionFailure)).toBe(true));
    expect((await schema.admin.query(`SELECT FROM ${schema.name}.notes`)).rowCount).toBe(0);
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
