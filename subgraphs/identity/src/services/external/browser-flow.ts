import { createHash, hkdfSync } from 'node:crypto';
import type { Clock } from '@platform/foundation/clock';
import { CodedError } from '@platform/foundation/errors';
import { type Database, updateLocked } from '@platform/postgres/database';
import { type EntityManager, IsNull, MoreThan, Not } from 'typeorm';
import { type ExternalAccount, ExternalLogin, InvalidToken, ProviderNotFound } from '../../entities/index.js';
import { InputCheck } from '../../entities/rules/index.js';
import { randomSecret, secretHash } from '../tokens/secret-text.js';
import type { FlowSecrets } from './external-provider.js';
import type { ExternalProviders } from './external-providers.js';
import { codeChallenge, returnPath } from './flow-input.js';

/** Until the browser has to be back from the provider, in ms. */
const AT_PROVIDER_MS = 10 * 60 * 1000;
/** Until the browser has to finish, in ms. */
const TO_FINISH_MS = 60 * 1000;

const LOCKED = { mode: 'for_no_key_update' } as const;

/** What a client begins with. */
export interface FlowStart {
  readonly provider: string;
  readonly codeChallenge: string;
  readonly returnTo?: string | null;
}

/** What a client finishes with. */
export interface FlowEnd {
  readonly code: string;
  readonly codeVerifier: string;
}

/** Where the browser goes. */
export interface StartedFlow {
  readonly url: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/**
 * The way of a browser to a provider and back. A state is good for one return, a code for one end: in the browser that began, which alone
 * has the verifier. Secrets of the flow are known by their hashes; those that the provider needs are derived from the state under a key.
 */
export class BrowserFlow {
  constructor(
    private readonly database: Database,
    private readonly providers: ExternalProviders,
    private readonly clock: Clock,
    private readonly options: {
      /** Where the application's pages are. */
      readonly publicUrl: string;
      readonly secret: string;
    },
  ) {}

  /** @param userId who links; null for a login. @throws BadUserInput, ProviderNotFound, ProviderUnavailable */
  async begin(userId: string | null, input: FlowStart): Promise<StartedFlow> {
    const check = new InputCheck();
    const challenge = check.field('codeChallenge', () => codeChallenge(input.codeChallenge));
    const returnTo = check.field('returnTo', () => (input.returnTo == null ? null : returnPath(input.returnTo)));
    check.finish();
    const provider = this.providers.named(input.provider);
    const state = randomSecret();
    const url = await this.providers.authorizationUrl(provider, this.secretsOf(state));
    const start = {
      provider: provider.id,
      userId,
      stateHash: secretHash(state),
      codeChallenge: challenge,
      returnTo,
    };
    await this.database.transaction((tx) =>
      tx.insert(ExternalLogin, ExternalLogin.begin(start, AT_PROVIDER_MS, this.clock.now())),
    );
    return { url: url.href, expiresIn: AT_PROVIDER_MS / 1000 };
  }

  /** The browser is back from the provider. Answers where it goes next: to the application, with a code or with the code of an error. */
  async receive(providerId: string, query: string): Promise<string> {
    const parameters = new URLSearchParams(query);
    const state = parameters.get('state');
    const login = state ? await this.claim(providerId, state) : null;
    if (!login || !state) return this.page({ error: 'INVALID_TOKEN' }, null);
    if (parameters.get('error') === 'access_denied') return this.page({ error: 'ACCESS_DENIED' }, login.returnTo);
    try {
      const provider = this.providers.named(providerId);
      const account = await this.providers.exchange(provider, parameters, this.secretsOf(state));
      return this.page({ code: await this.answer(login, account) }, login.returnTo);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return this.page({ error: error.code }, login.returnTo);
    }
  }

  /** Spends the code, where it was begun for this: in the transaction that does what it is good for. @throws InvalidToken */
  async redeem(tx: EntityManager, { code, codeVerifier }: FlowEnd, userId: string | null) {
    const where = {
      codeHash: secretHash(code),
      expiresAt: MoreThan(this.clock.now()),
      userId: userId ?? IsNull(),
    };
    const login = await tx.findOne(ExternalLogin, { where, lock: LOCKED });
    if (!login || login.codeChallenge !== createHash('sha256').update(codeVerifier).digest('base64url'))
      throw new InvalidToken();
    await tx.delete(ExternalLogin, { id: login.id });
    return login as ExternalLogin & ExternalAccount;
  }

  /** The one return of a state, at the provider that it was made for. */
  private claim(provider: string, state: string): Promise<ExternalLogin | null> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const where = { stateHash: secretHash(state), provider, claimedAt: IsNull(), expiresAt: MoreThan(now) };
      const login = await tx.findOne(ExternalLogin, { where, lock: LOCKED });
      if (login) await tx.update(ExternalLogin, { id: login.id }, { claimedAt: now });
      return login;
    });
  }

  private async answer({ id }: ExternalLogin, account: ExternalAccount): Promise<string> {
    const code = randomSecret();
    await this.database.transaction(async (tx) => {
      const login = await tx.findOne(ExternalLogin, { where: { id, claimedAt: Not(IsNull()) }, lock: LOCKED });
      if (!login) throw new ProviderNotFound(); // its user is gone
      await updateLocked(tx, login, () => login.answer(account, secretHash(code), TO_FINISH_MS, this.clock.now()));
    });
    return code;
  }

  private page(result: Record<string, string>, returnTo: string | null): string {
    const query = new URLSearchParams({ ...result, ...(returnTo !== null && { returnTo }) });
    return `${this.options.publicUrl}/auth/complete?${query}`;
  }

  /** Who sees the state in an address knows neither of the others. */
  private secretsOf(state: string): FlowSecrets {
    const derived = (purpose: string) =>
      Buffer.from(hkdfSync('sha256', this.options.secret, state, `external-login ${purpose}`, 32)).toString(
        'base64url',
      );
    return { state, nonce: derived('nonce'), verifier: derived('verifier') };
  }
}
