import { userDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { SubjectService } from '../services/index.js';

/** A user is gone: they hold nothing any more, and an event that comes late does not bring them back. */
export const removeRoleAssignmentsWhenUserDeleted = (subjects: SubjectService): EventHandler =>
  onEvent('authz.forget-holdings-when-user-deleted', userDeleted, ({ data }, tx) => subjects.forget(tx, data.userId), {
    acrossTenants: true,
  });
