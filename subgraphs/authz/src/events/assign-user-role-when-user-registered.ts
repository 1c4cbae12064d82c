import { userRegistered } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { SubjectService } from '../services/index.js';

/** Somebody has an account: they get the default role, unless they got it when they first showed up. */
export const assignUserRoleWhenUserRegistered = (subjects: SubjectService): EventHandler =>
  onEvent('authz.assign-user-role-when-user-registered', userRegistered, ({ data }, tx) =>
    subjects.register(tx, data.userId),
  );
