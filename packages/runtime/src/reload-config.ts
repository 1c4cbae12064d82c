import { InvalidConfig } from '@platform/foundation/config';
import { type Logger, type LoggingConfig } from '@platform/foundation/logging';

/** What every running process takes over from a configuration that was read again. */
interface Reloadable {
  readonly logging: LoggingConfig;
}

/**
 * What a process does on SIGHUP: it reads its configuration again, and takes over what may change while it runs. A configuration with mistakes changes nothing.
 * @param apply takes over what this process has besides the log level.
 */
export const reloadConfig =
  <C extends Reloadable>(logger: Logger, reread: () => C, apply: (config: C) => Promise<void> = async () => {}) =>
  async (): Promise<void> => {
    try {
      const config = reread();
      await apply(config);
      logger.level = config.logging.level;
      logger.info('configuration reloaded');
    } catch (error) {
      const reason = error instanceof InvalidConfig ? error.message : String(error);
      logger.error({ reason }, 'configuration reload failed; keeping the previous one');
    }
  };
