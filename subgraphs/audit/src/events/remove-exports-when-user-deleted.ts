import { userDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { ExportJobs } from '../export/index.js';

/** A user is gone: what they exported ends with them. */
export const removeExportsWhenUserDeleted = (exports: ExportJobs): EventHandler =>
  onEvent('audit.remove-exports', userDeleted, ({ data }, tx) => exports.removeOf(tx, data.userId), {
    acrossTenants: true,
  });
