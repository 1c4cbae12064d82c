import { describeConfig } from '@platform/foundation/config';
import { platformSections } from '@platform/runtime/embedded-platform';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl config show`: the configuration in effect, with secrets masked and the source of each value. */
export const configCommand = (): Command =>
  new Command('config').description('look at the configuration').addCommand(
    new Command('show')
      .description('every key with its value, where it comes from and its environment variable')
      .addOption(setOption())
      .action(({ set }: SetOption) => {
        for (const { key, value, source, environmentVariable } of describeConfig(platformSections, { set })) {
          print(`${key} = ${JSON.stringify(value)}  # ${source}; ${environmentVariable}`);
        }
      }),
  );
