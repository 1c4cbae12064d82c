import type { ErrorBus } from '../errors/index.js';
import type { Logger } from '../logging/index.js';
import type { LifecycleComponent } from './lifecycle.js';

/** npm passes on signals that a terminal has sent to the whole group already: within this time (ms) they are one. */
const SAME_SIGNAL = 1_000;

/** Starts the process's parts, waits for SIGTERM or SIGINT, stops them, and exits: 0 after a signal, 1 after an uncaught failure. A second signal, a second later, forces the exit. SIGHUP reloads; it never ends a process. @throws what the start failed with, once what had started is stopped. */
export async function runUntilSignal(
  root: LifecycleComponent,
  logger: Logger,
  errors: ErrorBus,
  /** Reads the configuration again. */
  reload: () => Promise<void> = async () => {},
): Promise<void> {
  let endingSince: number | undefined;
  const end = async (code: number, why: string): Promise<void> => {
    if (endingSince !== undefined) {
      if (performance.now() - endingSince > SAME_SIGNAL) process.exit(1);
      return;
    }
    endingSince = performance.now();
    logger.info({ reason: why }, 'shutdown started');
    await root.stop?.();
    await errors.flush();
    process.exit(code);
  };
  const crash = (error: unknown): void => {
    errors.publish(error);
    void end(1, 'uncaught failure');
  };

  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0, signal));

  // One after the other, and none before the start is over: what it read first may be older than the signal.
  const starting = Promise.resolve(root.start?.());
  let idle = starting.catch(() => {});
  process.on('SIGHUP', () => {
    idle = idle.then(reload).catch((error: unknown) => errors.publish(error));
  });

  try {
    await starting;
  } catch (error) {
    // Stopped while it was starting: that is no failure, and `end` sees to the exit.
    if (endingSince !== undefined) return;
    await root.stop?.();
    throw error;
  }
  // Modules, schemas and plans that only the start has needed are a third of the memory of a process with little to do.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
