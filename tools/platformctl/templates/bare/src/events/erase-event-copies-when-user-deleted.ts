import { personalData, userDeleted } from '@platform/contracts';
import { type EventHandler, eraseEventCopies, onEvent } from '@platform/outbox';

/** A user is gone: copies of events that this schema has hold nothing personal of them any more. */
export const eraseEventCopiesWhenUserDeleted: EventHandler = onEvent(
  'shop.erase-event-copies',
  userDeleted,
  ({ data }, tx) => eraseEventCopies(tx, data.userId, personalData),
  { acrossTenants: true },
);
