import { userDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import { destroyKey, type SubjectKeys } from '../services/index.js';

/** A user is gone: what was done stays recorded, from where and with which details cannot be read any more. */
export const erasePersonalDataWhenUserDeleted = (keys: SubjectKeys): EventHandler =>
  onEvent('audit.erase-personal-data', userDeleted, async ({ data }, tx) => {
    await destroyKey(tx, data.userId);
    keys.forget(data.userId);
  });
