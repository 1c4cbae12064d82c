import { userUnlocked } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { SubjectService } from '../services/index.js';

/** Identity has let a user in again. Authz was told in the same request, unless it was away; nothing is asked here, as when it locks one. */
export const refreshStateWhenUserUnlocked = (subjects: SubjectService): EventHandler =>
  onEvent('authz.refresh-state-when-user-unlocked', userUnlocked, ({ data }, tx) => subjects.uncheck(tx, data.userId));
