import { Command } from 'commander';
import { auditArchiveCommand } from './audit-archive.js';
import { auditExportCommand } from './audit-export.js';
import { auditKeyCommand } from './audit-key.js';
import { auditRotateKeyCommand } from './audit-rotate-key.js';
import { auditVerifyCommand } from './audit-verify.js';
import { auditWitnessCommand } from './audit-witness.js';

/** `platformctl audit …`: what people do with the audit log beside the API. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('check and read the audit log')
    .addCommand(auditVerifyCommand())
    .addCommand(auditExportCommand())
    .addCommand(auditKeyCommand())
    .addCommand(auditRotateKeyCommand())
    .addCommand(auditArchiveCommand())
    .addCommand(auditWitnessCommand());
