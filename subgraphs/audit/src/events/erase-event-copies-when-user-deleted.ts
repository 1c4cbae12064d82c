import { personalData, userDeleted } from '@platform/contracts';
import { type EventHandler, eraseEventCopies, onEvent } from '@platform/outbox';

/** A user is gone: events that wait, were sent or were given up here tell nothing personal of them any more. */
export const eraseEventCopiesWhenUserDeleted: EventHandler = onEvent(
  'audit.erase-event-copies',
  userDeleted,
  ({ data }, tx) => eraseEventCopies(tx, data.userId, personalData),
  { acrossTenants: true },
);
