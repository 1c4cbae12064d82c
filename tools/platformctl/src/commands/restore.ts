import { resolve } from 'node:path';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { recordOperator } from '@platform/runtime/operator';
import { withDatabase } from '@platform/runtime/with-database';
import { Command } from 'commander';
import { refuseInside } from '../backup/data-files.js';
import { checkBackup } from '../backup/read-backup.js';
import { restoreBackup } from '../backup/restore-backup.js';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl restore <file>`: puts a backup into an empty database and data directory, and migrates it to this version. */
export const restoreCommand = (): Command =>
  new Command('restore')
    .description('put a backup into an empty database and data directory; every process must be stopped')
    .argument('<file>', 'an archive that platformctl backup has written')
    .option('--replace', 'replace what is there; it comes back when restoring fails')
    .addOption(setOption())
    .action(async (path: string, { replace = false, set }: SetOption & { replace?: boolean }) => {
      const file = resolve(path);
      const config = loadConfig(processSections, { set });
      const logger = createLogger({ ...config.logging, level: 'warn' }, { name: 'restore' });
      await refuseInside(config.platform.dataDir, file);
      const manifest = await checkBackup(file);
      await withDatabase(config, async (url) => {
        await restoreBackup(file, manifest, { url, config, logger, replace });
        const metadata = { madeAt: manifest.madeAt };
        await recordOperator(config, { ...RESTORED, resourceId: null, metadata });
      });
      print(`The backup of ${manifest.madeAt} is restored.`);
    });

const RESTORED = { action: 'platform.backup.restored', resource: 'backup' };
