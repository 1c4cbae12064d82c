import { describe, expect, it } from '@jest/globals';
import { createLogger, requestContext } from '@platform/foundation/logging';

/** A logger and the lines it has written. */
function recordedLogger(format: 'json' | 'pretty' = 'json') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', format }, { name: 'test', destination });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, time, name and message', () => {
    const { logger, last } = recordedLogger();
    logger.warn({ part: 'cache' }, 'redis unavailable');
    expect(last()).toMatchObject({
      level: 'warn',
      name: 'test',
      part: 'cache',
      msg: 'redis unavailable',
      time: expect.stringMatching(/Z$/),
    });
  });

  it('carries the request on every line inside it, and on none outside', () => {
    const { logger, last } = recordedLogger();
    requestContext.run({ requestId: 'r-1', clientIp: '192.0.2.1' }, () => {
      requestContext.extend({ userId: 'u-1', tenantId: 't-1', module: 'things' });
      logger.info('inside');
    });
    expect(last()).toMatchObject({ requestId: 'r-1', userId: 'u-1', tenantId: 't-1', module: 'things' });
    logger.info('outside');
    expect(last()).not.toHaveProperty('requestId');
  });

  it('hides secrets at any depth, in child loggers and in errors', () => {
    const { logger, lines } = recordedLogger();
    const hidden = 'hunter2';
    const error = Object.assign(new Error('failed'), {
      parameters: [hidden],
      config: { headers: { 'Set-Cookie': hidden } },
    });
    logger.info({ a: { b: [{ c: { newPassword: hidden, refresh_token: hidden, 'x-caller-token': hidden } }] } });
    logger.child({ privateKey: hidden }).info('child');
    logger.error(error);
    logger.error({ err: error, headers: { authorization: hidden, cookie: hidden } }, 'with context');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ msg: 'failed', err: { type: 'Error', message: 'failed' } });
    expect(lines.join()).not.toContain(hidden);
  });

  it('hides tokens and passwords inside messages, stack traces and connection strings', () => {
    const { logger, lines } = recordedLogger();
    const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const apiKey = `plt_Yz3kQ0aB_${'a1B2'.repeat(10)}xyz_4kF0aZ`;
    logger.info(`Authorization: Bearer ${jwt}`);
    logger.info(`token ${jwt} refused`);
    logger.info(`key ${apiKey}: refused`);
    logger.error(new Error(`No key ${apiKey}.`));
    logger.info('cannot connect to postgres://owner:hunter2@db/platform');
    logger.info('mutation { login(input: { email: "a@b.c", password: "hunter2" }) }');
    logger.error(new Error('{"password":"hunter2"}'));
    expect(lines.join()).not.toMatch(/hunter2|c2lnbmF0dXJl|a1B2/);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('shows of an error what is listed, and nothing that a library hangs on it', () => {
    const { logger, lines, last } = recordedLogger();
    const client = { connection: { stream: {} }, secretKey: 4711, processID: 7, user: 'blog_app' };
    const lost = Object.assign(new Error('Connection terminated unexpectedly'), {
      client,
      detail: 'Key (email)=(ada@example.com) already exists.',
      where: 'ada@example.com',
      response: { headers: { 'x-anything': 'ada@example.com' } },
      code: '57P01',
      severity: 'FATAL',
    });
    logger.warn({ err: lost }, 'A database connection was lost');
    logger.warn({ err: new AggregateError([lost], 'all failed', { cause: lost }) }, 'Nothing answered');
    logger.warn({ failures: [lost] }, 'Some failed');
    expect(lines.join()).not.toMatch(/4711|blog_app|ada@/);
    expect(JSON.parse(lines[0] ?? '').err).toEqual({
      type: 'Error',
      message: 'Connection terminated unexpectedly',
      stack: expect.any(String),
      code: '57P01',
      severity: 'FATAL',
    });
    expect(JSON.parse(lines[1] ?? '').err).toMatchObject({ cause: { code: '57P01' }, errors: [{ code: '57P01' }] });
    expect(last().failures).toEqual([expect.objectContaining({ code: '57P01' })]);
  });

  it('bounds what an error says, and how far its causes go', () => {
    const { logger, lines } = recordedLogger();
    const error = new Error('x'.repeat(1_000_000));
    for (let inner = error, count = 0; count < 50; count += 1) {
      inner.cause = new Error('y'.repeat(100_000));
      inner = inner.cause as Error;
    }
    logger.error({ err: error }, 'failed');
    expect(lines[0]?.length).toBeLessThan(60_000);
  });

  it('names the module once, whoever knows it', () => {
    const { logger, lines } = recordedLogger();
    requestContext.run({ requestId: 'r-1', module: 'blog' }, () => {
      logger.child({ module: 'blog' }).info('of the logger');
      logger.info('of the request');
    });
    for (const line of lines) expect(line.match(/"module":"blog"/g)).toHaveLength(1);
  });

  it('keeps what is no secret', () => {
    const { logger, last } = recordedLogger();
    logger.info(
      { at: new Date(0), count: 3, tokens: 12, passwordChangedAt: 'now', list: [1, 2] },
      'Bearer tokens are welcome',
    );
    expect(last()).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      count: 3,
      tokens: 12,
      passwordChangedAt: 'now',
      list: [1, 2],
    });
  });

  it('survives circular and enormous objects', () => {
    const { logger, last } = recordedLogger();
    const circle: Record<string, unknown> = { many: Array.from({ length: 5_000 }, (_, index) => index) };
    circle.self = circle;
    logger.info(circle);
    expect(last().many).toHaveLength(100);
  });

  it('is readable and as discreet in the pretty format', () => {
    const { logger, lines } = recordedLogger('pretty');
    logger.info({ password: 'hunter2' }, 'Ready');
    expect(lines.join()).toContain('Ready');
    expect(lines.join()).not.toContain('hunter2');
  });
});
