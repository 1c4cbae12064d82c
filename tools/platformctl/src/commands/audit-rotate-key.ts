import { audit } from '@platform/audit';
import { handOver, queriesOf } from '@platform/audit/services';
import { duration, loadConfig, processSections } from '@platform/foundation/config';
import { operator } from '@platform/runtime/operator';
import { withAuditLog } from '@platform/runtime/with-audit-log';
import { noteSigner, printedKey } from '@platform/transparency-log';
import { Command } from 'commander';
import { readKeyFile } from '../audit/key-file.js';
import { print, type SetOption, setOption } from '../options.js';

interface RotateOptions extends SetOption {
  readonly newKey: string;
  readonly overlap: string;
}

/** `platformctl audit rotate-key`: lets the log announce another key, by a statement that the present one signs. */
export const auditRotateKeyCommand = (): Command =>
  new Command('rotate-key')
    .description('announce another key for checkpoints; what the present one has signed stays good')
    .requiredOption('--new-key <file>', 'the new private key as an Ed25519 JWK; made when there is none')
    .option(
      '--overlap <duration>',
      'how long the present key may still sign, until every process has the new one',
      '1d',
    )
    .addOption(setOption())
    .action(async ({ newKey, overlap, set }: RotateOptions) => {
      const config = loadConfig({ ...processSections, ...audit.sections }, { set });
      const { logName, signingKey } = config.audit;
      const present = noteSigner(logName, signingKey);
      const next = noteSigner(logName, await readKeyFile(newKey));
      const until = new Date(Date.now() + duration.parse(overlap));
      const { tenantId } = config.platform;
      const sequence = await withAuditLog(config, async (client) => {
        await client.query('BEGIN');
        const announced = await handOver(
          queriesOf(client),
          { present, next },
          {
            until,
            operator: operator(),
            tenantId,
          },
        );
        await client.query('COMMIT');
        return announced;
      });
      print(`Entry ${sequence} announces the key ${printedKey(next)}`);
      print(`Give audit.signingKey the content of ${newKey} in every audit process before ${until.toISOString()}.`);
      print('Hand the public key on to the witness and to those who verify elsewhere.');
    });
