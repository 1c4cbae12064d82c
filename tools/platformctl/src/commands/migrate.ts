import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { schemaDifferences } from '@platform/postgres/database';
import { migrateAll, migrateByHand, migrationOptions } from '@platform/runtime/migrations';
import { withDatabase, withScratchDatabase } from '@platform/runtime/with-database';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl migrate [--check]`: brings the schemas up to date, or compares migrations with entities in a scratch database. */
export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('create roles and schemas and run pending migrations')
    .option('--check', 'change nothing; fail when entities and migrations differ')
    .addOption(setOption())
    .action(async ({ check, set }: SetOption & { check?: boolean }) => {
      const config = loadConfig(processSections, { set });
      const logger = createLogger({ ...config.logging, level: 'warn' }, { name: 'migrate' });
      await withDatabase(config, async (url) => {
        if (!check) return report(await migrateByHand(url, config, logger));
        await withScratchDatabase(url, async (scratch) => {
          await migrateAll(scratch, config, logger);
          compare(await schemaDifferences(migrationOptions(scratch, config, logger)));
        });
      });
    });

function report(ran: readonly string[]): void {
  for (const name of ran) print(`migrated ${name}`);
  print(ran.length === 0 ? 'Every schema was up to date.' : `${ran.length} migrations ran.`);
}

function compare(differences: readonly string[]): void {
  if (differences.length === 0) {
    print('Entities and migrations agree.');
    return;
  }
  print('Entities and migrations differ. A migration would have to say:');
  for (const difference of differences) print(`  ${difference}`);
  process.exitCode = 1;
}
