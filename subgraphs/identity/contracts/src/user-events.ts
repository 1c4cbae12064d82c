import { defineEvent } from '@platform/events';
import { z } from 'zod';

const userId = z.uuid();
const user = z.object({ userId });
const authenticationMethod = z.enum([
  'PASSWORD',
  'TOTP',
  'RECOVERY_CODE',
  'PASSKEY',
  'EXTERNAL',
  'SSO',
  'EMAIL_LINK',
  'IMPERSONATION',
]);

/** Somebody asked for an account; its e-mail address is not verified yet. */
export const userRegistered = defineEvent({ type: 'platform.user.registered', resource: 'user', data: user });

/** Somebody tried to register an address that has an account, or is reserved by a change (`changeId`). Nothing changed; its owner is told. */
export const registrationRepeated = defineEvent({
  type: 'platform.user.registration_repeated',
  resource: 'user',
  outcome: 'DENIED',
  data: z.object({ userId, changeId: z.uuid().nullish() }),
});

/** A verification mail is due, for one registration of the address where it was registered. */
export const verificationRequested = defineEvent({
  type: 'platform.user.verification_requested',
  resource: 'user',
  data: z.object({ userId, registrationId: z.uuid().nullish() }),
});

/** The user has shown that the address is theirs. */
export const emailVerified = defineEvent({ type: 'platform.user.email_verified', resource: 'user', data: user });

/** An administrator created an account; its owner sets the password by a mailed link. */
export const userCreated = defineEvent({ type: 'platform.user.created', resource: 'user', data: user });

/** Profile or state of a user changed; `fields` names what. */
export const userUpdated = defineEvent({
  type: 'platform.user.updated',
  resource: 'user',
  data: z.object({ userId, fields: z.array(z.string()) }),
});

/** A session began. */
export const userLoggedIn = defineEvent({
  type: 'platform.user.logged_in',
  resource: 'user',
  data: z.object({
    userId,
    sessionId: z.uuid(),
    methods: z.array(authenticationMethod).optional(),
    organizationId: z.uuid().nullish(),
  }),
});

/** A login has shown the right password, and waits for a second factor. */
export const secondFactorRequested = defineEvent({
  type: 'platform.user.second_factor_requested',
  resource: 'user',
  data: user,
});

/** A login was refused; `userId` is null when no account has the address. */
export const loginFailed = defineEvent({
  type: 'platform.user.login_failed',
  resource: 'user',
  outcome: 'FAILED',
  data: z.object({ userId: userId.nullable(), reason: z.string() }),
});

/** The user ended a session. */
export const userLoggedOut = defineEvent({
  type: 'platform.user.logged_out',
  resource: 'user',
  data: z.object({ userId, sessionId: z.uuid() }),
});

/** A password reset mail is due. */
export const passwordResetRequested = defineEvent({
  type: 'platform.user.password_reset_requested',
  resource: 'user',
  data: user,
});

/** The password was replaced, by its owner or by a mailed link. */
export const passwordChanged = defineEvent({
  type: 'platform.user.password_changed',
  resource: 'user',
  data: z.object({ userId, by: z.enum(['change', 'reset']) }),
});

/** The user asked for another address; without `changeId` no link to it is due. */
export const emailChangeRequested = defineEvent({
  type: 'platform.user.email_change_requested',
  resource: 'user',
  data: z.object({ userId, changeId: z.uuid().nullish() }),
});

/** The account has another e-mail address; `changeId` where its user asked for it and the old address can take it back. */
export const emailChanged = defineEvent({
  type: 'platform.user.email_changed',
  resource: 'user',
  data: z.object({ userId, changeId: z.uuid().nullish() }),
});

/** The account has an earlier address again, by a link that was mailed there. */
export const emailChangeReverted = defineEvent({
  type: 'platform.user.email_change_reverted',
  resource: 'user',
  data: user,
});

/** The user can sign in with an account at an external provider: since they registered or signed in with it, or linked it themself. */
export const externalIdentityLinked = defineEvent({
  type: 'platform.external_identity.linked',
  resource: 'user',
  data: z.object({ userId, provider: z.string(), by: z.enum(['registration', 'sign_in', 'owner']) }),
});

/** The user cannot sign in with an account at the provider any more. */
export const externalIdentityUnlinked = defineEvent({
  type: 'platform.external_identity.unlinked',
  resource: 'user',
  data: z.object({ userId, provider: z.string() }),
});

/** An administrator locked the account. */
export const userLocked = defineEvent({
  type: 'platform.user.locked',
  resource: 'user',
  data: z.object({ userId, reason: z.string() }),
  personal: { members: ['reason'], of: 'userId' },
});

/** An administrator unlocked the account. */
export const userUnlocked = defineEvent({ type: 'platform.user.unlocked', resource: 'user', data: user });

/** The account is gone and anonymised; whoever keeps data of the user honours the erasure. */
export const userDeleted = defineEvent({ type: 'platform.user.deleted', resource: 'user', data: user });

/** A session went on with new tokens. */
export const sessionRefreshed = defineEvent({
  type: 'platform.session.refreshed',
  resource: 'session',
  data: z.object({ userId, sessionId: z.uuid() }),
});

/** Sessions were ended by their owner or an administrator. */
export const sessionRevoked = defineEvent({
  type: 'platform.session.revoked',
  resource: 'session',
  data: z.object({ userId, sessionIds: z.array(z.uuid()), reason: z.string() }),
});

/** A rotated refresh token came back: somebody copied it. The whole family is revoked. */
export const refreshTokenReused = defineEvent({
  type: 'platform.session.token_reused',
  resource: 'session',
  outcome: 'DENIED',
  data: z.object({ userId, sessionId: z.uuid() }),
});
