import type { Config } from '@platform/kernel/config';
import { z } from 'zod';

/** The audit subgraph's own configuration. */
export const auditSections = {
  audit: z.strictObject({
    exclude: z.array(z.string()),
  }),
};

export type AuditConfig = Config<typeof auditSections>['audit'];
