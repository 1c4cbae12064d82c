import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { eventually } from '@platform/testkit';

/** A process with one part, as any of the platform's; `start` and `stop` are the bodies of the part's own. */
const program = ({ start = '', stop = '' }) => `
  import { ErrorBus, logSink } from '@platform/foundation/errors';
  import { runUntilSignal } from '@platform/foundation/lifecycle';
  import { createLogger } from '@platform/foundation/logging';
  const logger = createLogger({ level: 'info', format: 'json' });
  const say = (word) => process.stdout.write(word + '\\n');
  const part = {
    name: 'part',
    start: async () => { setInterval(() => {}, 1000); say('starting'); ${start}; say('started'); },
    stop: async () => { say('stopping'); ${stop}; say('stopped'); },
  };
  await runUntilSignal(part, logger, new ErrorBus().addSink(logSink(logger))).catch((error) => {
    say('threw ' + error.message);
    process.exit(1);
  });`;

const until = (event: string): string => `await new Promise((resolve) => process.once('${event}', resolve))`;

describe('a process that runs until a signal', () => {
  let child: ChildProcess;
  let printed: string;

  afterEach(() => child.kill('SIGKILL'));

  const run = (bodies: { start?: string; stop?: string }): void => {
    printed = '';
    child = spawn(process.execPath, ['--input-type=module', '-e', program(bodies)], {
      cwd: join(projectRoot(), 'packages', 'foundation'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk));
  };
  const prints = (word: string) => eventually(() => expect(printed).toContain(word));
  const code = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    return child.exitCode;
  };

  it.each(['SIGTERM', 'SIGINT'] as const)('stops its parts and ends with 0 on %s', async (signal) => {
    run({});
    await prints('started');
    child.kill(signal);
    expect(await code()).toBe(0);
    expect(printed).toContain('stopped');
    expect(printed).toContain(`"reason":"${signal}"`);
  });

  it.each([
    ['exception', 'setImmediate(() => { throw new Error("out of nowhere"); })'],
    ['rejection', 'void Promise.reject(new Error("out of nowhere"))'],
  ])('reports an uncaught %s once, stops its parts and ends with 1', async (_what, start) => {
    run({ start });
    expect(await code()).toBe(1);
    expect(printed.match(/"msg":"out of nowhere"/g)).toHaveLength(1);
    expect(printed).toContain('stopped');
  });

  it('stops what had started when the start fails, and leaves the failure to its caller', async () => {
    run({ start: 'throw new Error("no database")' });
    expect(await code()).toBe(1);
    expect(printed).toMatch(/starting\nstopping\nstopped\nthrew no database/);
  });

  it('takes a start that fails because it was stopped for no failure', async () => {
    run({ start: `${until('SIGTERM')}; throw new Error("cut off")` });
    await prints('starting');
    child.kill('SIGTERM');
    expect(await code()).toBe(0);
    expect(printed).not.toContain('threw');
  });

  it('takes a doubled signal for one, and a later one for an order', async () => {
    run({ stop: 'await new Promise(() => {})' });
    await prints('started');
    child.kill('SIGINT');
    await prints('stopping');
    child.kill('SIGINT');
    expect(child.exitCode).toBeNull();
    await eventually(() => {
      child.kill('SIGINT');
      expect(child.exitCode).toBe(1);
    });
  });
});
