import { InvalidConfig, type LoggingConfig } from '@platform/kernel/config';
import type { Part } from '@platform/kernel/lifecycle';
import type { Logger } from '@platform/kernel/logging';
import type { LiveSettings, Router } from '@platform/router';

/** What a running router takes over from a configuration that was read again. */
interface Reloadable {
  readonly logging: LoggingConfig;
  readonly router: LiveSettings;
}

/** On SIGHUP: the configuration is read again for what may change while it runs, and the supergraph too. A configuration with mistakes changes nothing. */
export function reloadOnHangup(logger: Logger, router: Router, reread: () => Reloadable): Part {
  const reload = async (): Promise<void> => {
    try {
      const { logging, router: settings } = reread();
      logger.level = logging.level;
      await router.reload(settings);
      logger.info('Read the configuration again');
    } catch (error) {
      const reason = error instanceof InvalidConfig ? error.message : String(error);
      logger.error({ reason }, 'The new configuration is refused; the one before stays');
    }
  };
  const onHangup = (): void => void reload();
  return {
    name: 'reload on SIGHUP',
    start: async () => void process.on('SIGHUP', onHangup),
    stop: async () => void process.off('SIGHUP', onHangup),
  };
}
