import {
  apiKeyCreated,
  mfaDisabled,
  mfaEnabled,
  mfaReset,
  newDevice,
  passkeyRegistered,
  passkeyRemoved,
  recoveryCodesRegenerated,
} from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { SecurityNotices } from '../services/security-notices.js';

/** Owners hear of every change of what protects their account, in case it was not them. */
export const notifyOwnerOfFactors = (notices: SecurityNotices): EventHandler[] => [
  onEvent('identity.tell-mfa-enabled', mfaEnabled, ({ data }, tx) => notices.tell(tx, data.userId, 'totpEnabled')),
  onEvent('identity.tell-mfa-disabled', mfaDisabled, ({ data }, tx) => notices.tell(tx, data.userId, 'totpDisabled')),
  onEvent('identity.tell-mfa-reset', mfaReset, ({ data }, tx) => notices.tell(tx, data.userId, 'factorsReset')),
  onEvent('identity.tell-recovery-codes', recoveryCodesRegenerated, ({ data }, tx) =>
    notices.tell(tx, data.userId, 'codesRegenerated'),
  ),
  onEvent('identity.tell-passkey-registered', passkeyRegistered, ({ data }, tx) =>
    notices.tell(tx, data.userId, 'passkeyRegistered'),
  ),
  onEvent('identity.tell-api-key', apiKeyCreated, async ({ data }, tx) => {
    if (data.ownerType === 'user') await notices.tell(tx, data.ownerId, 'apiKeyCreated');
  }),
  onEvent('identity.tell-new-device', newDevice, ({ data }, tx) =>
    notices.tell(tx, data.userId, 'newDevice', data.deviceName ?? undefined),
  ),
  onEvent('identity.tell-passkey-removed', passkeyRemoved, ({ data }, tx) =>
    notices.tell(tx, data.userId, 'passkeyRemoved'),
  ),
];
