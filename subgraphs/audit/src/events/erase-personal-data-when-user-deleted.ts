import { userDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/kernel/events';
import { destroyKey } from '../services/index.js';

/** A user is gone: what was done stays recorded, from where and with which details cannot be read any more. */
export const erasePersonalDataWhenUserDeleted = (): EventHandler =>
  onEvent('audit.erase-personal-data', userDeleted, ({ data }, tx) => destroyKey(tx, data.userId));
