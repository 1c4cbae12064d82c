import type { Caller } from '@platform/auth';
import { passkeyRegistered, passkeyRemoved, passkeyRenamed } from '@platform/contracts';
import { SessionRequired } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { AuthenticationMethod, LastLoginMethod, LimitReached, Passkey, PasskeyNotFound } from '../../entities/index.js';
import { InputCheck, passkeyName } from '../../entities/rules/index.js';
import { lockedUser } from '../locked-user.js';
import type { AuthenticatedSessions } from './authenticated-sessions.js';
import type { Challenges } from './challenges.js';
import { canSignInBy, hasFactor, loginMethodsOf } from './login-methods.js';
import type { Passkeys } from './passkeys.js';
import type { RecentAuthentication } from './recent-authentication.js';
import type { RecoveryCodes } from './recovery-codes.js';
import { assertFactorRemains } from './required-factors.js';

const MAX_PASSKEYS = 20;
const DEFAULT_NAME = 'Passkey';

/** A WebAuthn ceremony that was started: `options` are for the browser. */
export interface PasskeyCeremony {
  readonly challenge: string;
  readonly options: unknown;
}

/** What users do with their passkeys. */
export class PasskeyService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly passkeys: Passkeys;
      readonly codes: RecoveryCodes;
      readonly challenges: Challenges;
      readonly recent: RecentAuthentication;
      readonly sessions: AuthenticatedSessions;
    },
  ) {}

  /** The user's passkeys, newest first. */
  list(userId: string): Promise<Passkey[]> {
    return this.parts.passkeys.of(this.database.read, userId);
  }

  /** @throws SessionRequired, ReauthenticationRequired, LimitReached */
  async begin(caller: Caller): Promise<PasskeyCeremony> {
    const { id: sessionId, userId } = await this.parts.recent.requireFactor(caller, hasFactor);
    const { challenges, passkeys } = this.parts;
    const asked = { purpose: 'PASSKEY_REGISTRATION', userId, sessionId, signed: true } as const;
    const { user, known, secret, signed } = await this.database.transaction(async (tx) => {
      const locked = await lockedUser(tx, userId);
      return { user: locked, known: await this.room(tx, userId), ...(await challenges.put(tx, asked)) };
    });
    return { challenge: secret, options: await passkeys.creationOptions(signed as string, user, known) };
  }

  /** @throws SessionRequired, BadUserInput, InvalidChallenge, InvalidPasskey, LimitReached */
  async register(
    { sessionId }: Caller,
    userId: string,
    input: { readonly challenge: string; readonly credential: unknown; readonly name?: string | null },
  ): Promise<Passkey> {
    if (sessionId === null) throw new SessionRequired();
    const name = checkedName('input.name', input.name ?? DEFAULT_NAME);
    const { challenges, passkeys, sessions } = this.parts;
    const challenge = await challenges.attempt('PASSKEY_REGISTRATION', input.challenge, sessionId);
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      await this.room(tx, userId);
      await challenges.close(tx, challenge);
      const passkey = await passkeys.register(tx, userId, challenge.signed ?? '', { answer: input.credential, name });
      await sessions.authenticated(tx, userId, sessionId, AuthenticationMethod.PASSKEY);
      await this.outbox.add(tx, passkeyRegistered, { subject: userId, data: { userId, passkeyId: passkey.id } });
      return passkey;
    });
  }

  /** @throws BadUserInput, PasskeyNotFound */
  async rename(userId: string, id: string, name: string): Promise<Passkey> {
    const spelled = checkedName('name', name);
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      const passkey = await this.own(tx, userId, id);
      if (passkey.name === spelled) return passkey;
      passkey.name = spelled;
      await tx.update(Passkey, { id: passkey.id }, { name: spelled });
      await this.outbox.add(tx, passkeyRenamed, { subject: userId, data: { userId, passkeyId: passkey.id } });
      return passkey;
    });
  }

  /** @throws SessionRequired, ReauthenticationRequired, PasskeyNotFound, LastLoginMethod, MfaEnrollmentRequired */
  async delete(caller: Caller, id: string): Promise<true> {
    const { userId } = await this.parts.recent.requireFactor(caller, ({ secondStep }) => secondStep);
    await this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      const passkey = await this.own(tx, userId, id);
      await tx.delete(Passkey, { id: passkey.id });
      const ways = await loginMethodsOf(tx, userId);
      if (!canSignInBy(ways)) throw new LastLoginMethod();
      await assertFactorRemains(tx, userId);
      if (!hasFactor(ways)) {
        await this.parts.codes.remove(tx, userId);
        await this.parts.sessions.forgetFactors(tx, userId);
      }
      await this.outbox.add(tx, passkeyRemoved, { subject: userId, data: { userId, passkeyId: passkey.id } });
    });
    return true;
  }

  /** The user's passkeys, when there may be one more. @throws LimitReached */
  private async room(tx: EntityManager, userId: string): Promise<Passkey[]> {
    const known = await this.parts.passkeys.of(tx, userId);
    if (known.length >= MAX_PASSKEYS) throw new LimitReached(MAX_PASSKEYS, 'passkeys of an account');
    return known;
  }

  private async own(tx: EntityManager, userId: string, id: string): Promise<Passkey> {
    const passkey = isUuid(id) ? await tx.findOneBy(Passkey, { id, userId }) : null;
    if (!passkey) throw new PasskeyNotFound();
    return passkey;
  }
}

function checkedName(path: string, name: string): string {
  const check = new InputCheck('');
  const spelled = check.field(path, () => passkeyName(name));
  check.finish();
  return spelled;
}
