import { startPlatform } from '@platform/runtime/start-platform';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { welcome } from './startup-banner.js';

/** `platformctl dev`: the whole platform in this process, for a developer's machine. */
export const devCommand = (): Command =>
  new Command('dev')
    .description('run the whole platform in one process, with a PostgreSQL of its own')
    .addOption(setOption())
    .action(async ({ set }: SetOption) => {
      const { url, seeding } = await startPlatform(set);
      if (seeding) print(welcome(url, seeding));
    });
