import { defineEvent } from '@platform/events';
import { z } from 'zod';

const userId = z.uuid();
const user = z.object({ userId });
const passkey = z.object({ userId, passkeyId: z.uuid() });
const factor = z.object({ userId, method: z.enum(['TOTP', 'PASSKEY']) });

/** An authenticator app protects the account from now on. */
export const mfaEnabled = defineEvent({ type: 'platform.mfa.enabled', resource: 'user', data: factor });

/** The authenticator app protects the account no more. */
export const mfaDisabled = defineEvent({ type: 'platform.mfa.disabled', resource: 'user', data: factor });

/** An administrator removed every second factor of a user who lost them. */
export const mfaReset = defineEvent({
  type: 'platform.mfa.reset',
  resource: 'user',
  data: z.object({ userId, reason: z.string() }),
  personal: { members: ['reason'], of: 'userId' },
});

/** The user has new recovery codes; those before are void. */
export const recoveryCodesRegenerated = defineEvent({
  type: 'platform.mfa.recovery_codes_regenerated',
  resource: 'user',
  data: user,
});

/** The account can be signed in to by one more passkey. */
export const passkeyRegistered = defineEvent({ type: 'platform.passkey.registered', resource: 'user', data: passkey });

/** A passkey has another name. */
export const passkeyRenamed = defineEvent({ type: 'platform.passkey.renamed', resource: 'user', data: passkey });

/** A passkey is of no use any more. */
export const passkeyRemoved = defineEvent({ type: 'platform.passkey.removed', resource: 'user', data: passkey });

/** A session began on a device that the user has not signed in on before, as far as its name tells. */
export const newDevice = defineEvent({
  type: 'platform.session.new_device',
  resource: 'session',
  data: z.object({ userId, sessionId: z.uuid(), deviceName: z.string().nullable() }),
  personal: { members: ['deviceName'], of: 'userId' },
});

/** A session's user has proved again who they are. */
export const sessionReauthenticated = defineEvent({
  type: 'platform.session.reauthenticated',
  resource: 'session',
  data: z.object({ userId, sessionId: z.uuid(), method: z.enum(['PASSWORD', 'TOTP', 'PASSKEY']) }),
});
