import { resolve } from 'node:path';
import { loadConfig, processSections } from '@platform/foundation/config';
import { orderedDefinitions } from '@platform/runtime/subgraphs';
import { withDatabase } from '@platform/runtime/with-database';
import { Command } from 'commander';
import { refuseInside } from '../backup/data-files.js';
import { writeBackup } from '../backup/write-backup.js';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl backup <file>`: everything that is state, of one moment, in one archive; the platform may go on meanwhile. */
export const backupCommand = (): Command =>
  new Command('backup')
    .description('write the database and the data directory into one archive, while the platform runs or not')
    .argument(
      '<file>',
      'the archive to write, such as platform.tar.gz; it holds personal data and is readable by its owner alone',
    )
    .addOption(setOption())
    .action(async (path: string, { set }: SetOption) => {
      const file = resolve(path);
      const config = loadConfig(processSections, { set });
      await refuseInside(config.platform.dataDir, file);
      const schemas = orderedDefinitions().map(({ name }) => name);
      const { tables, files } = await withDatabase(config, (url) =>
        writeBackup(file, { url, dataDir: config.platform.dataDir, schemas }),
      );
      print(`${file} holds ${tables} tables and ${files} files.`);
    });
