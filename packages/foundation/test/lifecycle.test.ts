import { OperatorError } from '@platform/foundation/errors';
import { Lifecycle, type LifecycleComponent } from '@platform/foundation/lifecycle';
import { createLogger } from '@platform/foundation/logging';

const lines: { msg: string; component?: string }[] = [];
const logger = createLogger(
  { level: 'error', format: 'json' },
  { destination: { write: (line) => void lines.push(JSON.parse(line)) } },
);

describe('a lifecycle', () => {
  let happened: string[];

  beforeEach(() => {
    happened = [];
    lines.length = 0;
  });

  const part = (
    name: string,
    { start = async () => {}, stop = async () => {} }: Partial<LifecycleComponent> = {},
  ): LifecycleComponent => ({
    name,
    start: async () => {
      happened.push(`start ${name}`);
      await start();
    },
    stop: async () => {
      happened.push(`stop ${name}`);
      await stop();
    },
  });

  const lifecycleOf = (...parts: LifecycleComponent[]): Lifecycle =>
    new Lifecycle(logger, { shutdownTimeout: 100 }).add(...parts);

  it('starts its parts in order and stops them in reverse, each once', async () => {
    const lifecycle = lifecycleOf(part('pool'), { name: 'has neither end' }, part('server'));

    await lifecycle.start();
    await lifecycle.stop();
    await lifecycle.stop();

    expect(happened).toEqual(['start pool', 'start server', 'stop server', 'stop pool']);
  });

  it('does not start a part before the one ahead of it is up', async () => {
    const up = Promise.withResolvers<void>();
    const lifecycle = lifecycleOf(part('pool', { start: () => up.promise }), part('server'));

    const started = lifecycle.start();
    expect(happened).toEqual(['start pool']);
    up.resolve();
    await started;

    expect(happened).toEqual(['start pool', 'start server']);
  });

  it('stops what had started when a part fails to start, and says which one it was', async () => {
    const lifecycle = lifecycleOf(
      part('pool'),
      part('relay', { start: () => Promise.reject(new Error('no broker')) }),
      part('server'),
    );

    await expect(lifecycle.start()).rejects.toThrow('no broker');

    expect(happened).toEqual(['start pool', 'start relay', 'stop pool']);
    expect(lines).toMatchObject([{ component: 'relay', msg: 'component start failed; shutting down' }]);
  });

  it('leaves it to the process to say what an operator can mend', async () => {
    const lifecycle = lifecycleOf(part('server', { start: () => Promise.reject(new OperatorError('Port in use.')) }));

    await expect(lifecycle.start()).rejects.toThrow('Port in use.');

    expect(lines).toEqual([]);
  });

  it('goes on stopping the others when one fails to stop', async () => {
    const lifecycle = lifecycleOf(
      part('pool'),
      part('relay', { stop: () => Promise.reject(new Error('stuck')) }),
      part('server'),
    );
    await lifecycle.start();

    await lifecycle.stop();

    expect(happened.slice(3)).toEqual(['stop server', 'stop relay', 'stop pool']);
    expect(lines).toMatchObject([{ component: 'relay', msg: 'component stop failed; continuing shutdown' }]);
  });

  it('gives up on a part that does not stop in time, and still asks the others', async () => {
    const lifecycle = lifecycleOf(part('pool'), part('server', { stop: () => new Promise(() => {}) }));
    await lifecycle.start();

    await lifecycle.stop();

    expect(happened.slice(2)).toEqual(['stop server', 'stop pool']);
    expect(lines).toContainEqual(
      expect.objectContaining({ component: 'server', msg: 'component stop timed out; continuing shutdown' }),
    );
  });

  it('is itself a part of another', async () => {
    const outer = lifecycleOf(part('redis'), lifecycleOf(part('pool'), part('server')));

    await outer.start();
    await outer.stop();

    expect(happened).toEqual(['start redis', 'start pool', 'start server', 'stop server', 'stop pool', 'stop redis']);
  });
});
