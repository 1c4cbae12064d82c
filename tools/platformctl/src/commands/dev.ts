import { loadConfig } from '@platform/kernel/config';
import { runUntilSignal } from '@platform/kernel/lifecycle';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { EmbeddedPlatform, platformSections } from '../platform/embedded-platform.js';
import { welcome } from '../platform/welcome.js';

/** `platformctl dev`: the whole platform in this process, for a developer's machine. */
export const devCommand = (): Command =>
  new Command('dev')
    .description('run the whole platform in one process, with a PostgreSQL of its own')
    .addOption(setOption())
    .action(async ({ set }: SetOption) => {
      const read = () => loadConfig(platformSections, { set, required: ['callerToken.privateKey'] });
      const platform = new EmbeddedPlatform(read(), read);
      await runUntilSignal(platform, platform.logger, platform.errors);
      if (platform.administrator) print(welcome(platform.url, platform.administrator));
    });
