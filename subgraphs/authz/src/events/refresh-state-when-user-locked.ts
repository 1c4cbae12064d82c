import { userLocked } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { SubjectService } from '../services/index.js';

/** Identity has locked a user. Authz was told in the same request, unless it was away; nothing is asked here, so that identity’s absence loses no event. */
export const refreshStateWhenUserLocked = (subjects: SubjectService): EventHandler =>
  onEvent('authz.refresh-state-when-user-locked', userLocked, ({ data }, tx) => subjects.uncheck(tx, data.userId));
