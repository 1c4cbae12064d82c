import { join } from 'node:path';
import { audit } from '@platform/audit';
import { archivableMonths, archiveMonth } from '@platform/audit/export';
import { loadConfig, processSections } from '@platform/foundation/config';
import { operator } from '@platform/runtime/operator';
import { withAuditLogOwner } from '@platform/runtime/with-audit-log';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl audit archive`: moves the months that are older than `audit.retention` from the database to the archive. */
export const auditArchiveCommand = (): Command =>
  new Command('archive')
    .description('move months older than audit.retention out of the database; the log stays verifiable')
    .addOption(setOption())
    .action(async ({ set }: SetOption) => {
      const config = loadConfig({ ...processSections, ...audit.sections }, { set });
      const { dataDir, tenantId } = config.platform;
      await withAuditLogOwner(config, async (client, logId) => {
        const months = await archivableMonths(client, new Date(Date.now() - config.audit.retention));
        for (const month of months) {
          const folder = join(dataDir, 'audit', logId, 'archive');
          const { partition, from, to, file } = await archiveMonth(client, month, {
            folder,
            operator: operator(),
            tenantId,
          });
          print(`${partition}: entries ${from} to ${to - 1} are in ${file}`);
        }
        print(months.length === 0 ? 'No month is old enough.' : `${months.length} months were archived.`);
      });
    });
