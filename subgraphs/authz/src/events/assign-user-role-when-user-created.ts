import { userCreated } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { SubjectService } from '../services/index.js';

/** An administrator made an account: its owner gets the default role like everyone else. */
export const assignUserRoleWhenUserCreated = (subjects: SubjectService): EventHandler =>
  onEvent('authz.assign-user-role-when-user-created', userCreated, ({ data }, tx) =>
    subjects.register(tx, data.userId),
  );
