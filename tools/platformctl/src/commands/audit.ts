import { Command } from 'commander';
import { auditKeyCommand } from './audit-key.js';
import { auditVerifyCommand } from './audit-verify.js';

/** `platformctl audit …`: what people do with the audit log beside the API. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('check and read the audit log')
    .addCommand(auditVerifyCommand())
    .addCommand(auditKeyCommand());
