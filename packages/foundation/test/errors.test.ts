import { Conflict, ErrorBus, type ErrorReport, logSink, maskError } from '@platform/foundation/errors';
import { createLogger, requestContext } from '@platform/foundation/logging';
import { GraphQLError } from 'graphql';

const context = { requestId: 'r-1', userId: 'u-1', tenantId: 't-1' };

const collecting = (): { bus: ErrorBus; reports: ErrorReport[] } => {
  const reports: ErrorReport[] = [];
  return { bus: new ErrorBus().addSink((report) => void reports.push(report)), reports };
};

describe('masking', () => {
  /** As Apollo Server calls it: with the error that it caught, wrapped with its path, and as it would be sent. */
  const masked = async (thrown: Error) => {
    const { bus, reports } = collecting();
    const located = new GraphQLError(thrown.message, {
      path: ['post', 'title'],
      originalError: thrown,
      extensions: thrown instanceof GraphQLError ? thrown.extensions : undefined,
    });
    const formatted = located.toJSON();
    const sent = {
      ...formatted,
      extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['at secret.ts'], ...formatted.extensions },
    };
    const answer = requestContext.run(context, () => maskError(sent, located, bus));
    await bus.flush();
    return { answer, reports };
  };

  it('lets a coded error pass, without its stack, and reports nothing', async () => {
    const { answer, reports } = await masked(new Conflict('Somebody was faster.', { currentVersion: 3 }));

    expect(answer).toEqual({
      message: 'Somebody was faster.',
      path: ['post', 'title'],
      extensions: { code: 'CONFLICT', currentVersion: 3 },
    });
    expect(reports).toEqual([]);
  });

  it.each([
    ['an error of ours', new Error('relation "post" does not exist')],
    ['an error of a library that has a code of its own', Object.assign(new Error('duplicate key'), { code: '23505' })],
    [
      'an error that carries extensions without being ours',
      Object.assign(new TypeError('x is not a function'), { extensions: { code: 'CONFLICT' } }),
    ],
    ['a GraphQL error that nobody gave a code', new GraphQLError('Cannot return null for non-nullable field.')],
  ])('masks %s, names the request, and reports it once', async (_what, thrown) => {
    const { answer, reports } = await masked(thrown);

    expect(answer).toEqual({
      message: 'Something went wrong on our side.',
      path: ['post', 'title'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' },
    });
    expect(reports).toEqual([{ error: thrown, context }]);
  });

  it('takes text that PostgreSQL cannot keep for the client’s mistake', async () => {
    const { answer, reports } = await masked(Object.assign(new Error('invalid byte sequence'), { code: '22021' }));

    expect(answer).toMatchObject({ path: ['post', 'title'], extensions: { code: 'BAD_USER_INPUT' } });
    expect(reports).toEqual([]);
  });
});

describe('the error bus', () => {
  it('gives every sink every report with its request, and makes nobody wait', async () => {
    const { bus, reports } = collecting();
    const second: ErrorReport[] = [];
    bus.addSink((report) => void second.push(report));
    const error = new Error('broken');

    requestContext.run(context, () => bus.publish(error));
    expect(reports).toEqual([]);
    await bus.flush();

    expect(reports).toEqual([{ error, context }]);
    expect(second).toEqual(reports);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('the sink fails');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the sink fails'))],
  ])('is not harmed by a sink that %s', async (_how, sink) => {
    const reports: unknown[] = [];
    const bus = new ErrorBus().addSink(sink).addSink(({ error }) => void reports.push(error));

    bus.publish('one');
    await bus.flush();
    bus.publish('two');
    await bus.flush();

    expect(reports).toEqual(['one', 'two']);
  });

  it('is bounded: what comes while it is full is counted and dropped', async () => {
    const reports: unknown[] = [];
    const bus = new ErrorBus(2).addSink(({ error }) => void reports.push(error));

    for (const error of [1, 2, 3, 4]) bus.publish(error);
    await bus.flush();
    bus.publish(5);
    await bus.flush();

    expect(reports).toEqual([1, 2, 5]);
    expect(bus.dropped).toBe(2);
  });

  it('stays bounded and goes on for the others while a sink hangs', async () => {
    const reports: unknown[] = [];
    const bus = new ErrorBus(2, 20)
      .addSink(() => new Promise(() => {}))
      .addSink(({ error }) => void reports.push(error));

    for (const error of [1, 2, 3]) bus.publish(error);
    await bus.flush();

    expect(reports).toEqual([1, 2]);
    expect(bus.dropped).toBe(1);
  });

  it('logs each report as one line that names its request', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger = createLogger(
      { level: 'error', format: 'json' },
      { destination: { write: (line) => void lines.push(JSON.parse(line)) } },
    );
    const bus = new ErrorBus().addSink(logSink(logger));

    requestContext.run(context, () => bus.publish(new Error('broken')));
    await bus.flush();

    expect(lines).toEqual([expect.objectContaining({ level: 'error', msg: 'broken', ...context })]);
  });
});
