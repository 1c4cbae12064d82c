import type { ErrorBus } from '../errors/index.js';
import type { Logger } from '../logging/index.js';
import type { Part } from './lifecycle.js';

/** Starts the process's parts, waits for SIGTERM or SIGINT, stops them, and exits: 0 after a signal, 1 after an uncaught failure. A second signal forces the exit. */
export async function runUntilSignal(root: Part, logger: Logger, errors: ErrorBus): Promise<void> {
  let ending = false;
  const end = async (code: number, why: string): Promise<void> => {
    if (ending) process.exit(1);
    ending = true;
    logger.info(`Stopping: ${why}`);
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

  await root.start?.();
}
