import { audit } from '@platform/audit';
import { loadConfig } from '@platform/foundation/config';
import { noteSigner, printedKey } from '@platform/transparency-log';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl audit key`: the public key of the log, for those who verify it elsewhere. */
export const auditKeyCommand = (): Command =>
  new Command('key')
    .description("print the log's public key")
    .addOption(setOption())
    .action(({ set }: SetOption) => {
      const { audit: own } = loadConfig(audit.sections, { set });
      print(printedKey(noteSigner(own.logName, own.signingKey)));
    });
