import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { audit } from '@platform/audit';
import type { AuditCriteria } from '@platform/audit/entities';
import { csvLines, jsonLines } from '@platform/audit/export';
import { loadConfig, processSections } from '@platform/foundation/config';
import { withAuditLog } from '@platform/runtime/with-audit-log';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type SetOption, setOption } from '../options.js';

interface ExportOptions extends SetOption, AuditCriteria {
  readonly format: 'csv' | 'jsonl';
  readonly output?: string;
}

const LINES = { csv: csvLines, jsonl: jsonLines };

/** `platformctl audit export`: entries as CSV or as JSON Lines, as they come from the database. */
export const auditExportCommand = (): Command =>
  new Command('export')
    .description('write entries of the audit log; JSON Lines can be verified offline')
    .addOption(new Option('--format <format>').choices(['csv', 'jsonl']).default('jsonl'))
    .option('--output <file>', 'where to; standard output by default')
    .option('--actor-id <id>')
    .option('--action <action>', 'exact, or a prefix that ends in a dot')
    .option('--resource <resource>')
    .option('--resource-id <id>')
    .addOption(new Option('--outcome <outcome>').choices(['SUCCESS', 'DENIED', 'FAILED']))
    .option('--request-id <id>')
    .option('--from <time>', 'when it occurred, at the earliest', time)
    .option('--to <time>', 'when it occurred, before', time)
    .addOption(setOption())
    .action(async ({ format, output, set, ...criteria }: ExportOptions) => {
      const config = loadConfig({ ...processSections, ...audit.sections }, { set });
      const target = output === undefined ? process.stdout : createWriteStream(output, { mode: 0o600 });
      await withAuditLog(config, (client) =>
        pipeline(Readable.from(LINES[format](client, criteria)), target, { end: output !== undefined }),
      );
    });

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be a time such as 2026-01-31T12:00:00Z.');
  return date;
}
