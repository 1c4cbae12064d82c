import { SoftwareAuthenticator, totpCode } from '@platform/testkit';
import * as factors from './factor-operations.js';
import { asSignedIn, type IdentityUnderTest, PASSWORD, type SignedIn } from './identity-under-test.js';

export const ORIGIN = 'http://localhost:4000';

/** A step of the codes of an authenticator app, in ms. */
export const STEP = 30_000;

/** Users with second factors, by the calls that their clients make. */
export function protectedUsers(identity: IdentityUnderTest) {
  const { harness, guest } = identity;

  /** The code of an authenticator app now, or so many steps from now. */
  const codeOf = (secret: string, steps = 0): string =>
    totpCode(secret, new Date(harness.clock.now().getTime() + steps * STEP));

  /** Turns an authenticator app on. Its present code is used up. */
  async function enrolTotp(user: SignedIn): Promise<{ secret: string; codes: string[] }> {
    const { secret } = (await user.client.data(factors.enrollTotp)).enrollTotp;
    const { codes } = (await user.client.data(factors.confirmTotp, { code: codeOf(secret) })).confirmTotp;
    return { secret, codes };
  }

  async function enrolPasskey(
    user: SignedIn,
    authenticator = new SoftwareAuthenticator(ORIGIN),
  ): Promise<{ id: string; authenticator: SoftwareAuthenticator }> {
    const { challenge, options } = (await user.client.data(factors.beginPasskeyRegistration)).beginPasskeyRegistration;
    const credential = authenticator.create(options);
    const { registerPasskey } = await user.client.data(factors.registerPasskey, { input: { challenge, credential } });
    return { id: registerPasskey.id, authenticator };
  }

  /** The first step of a login. */
  async function challenged(email: string, password = PASSWORD): Promise<Challenged> {
    return (await guest().data(factors.login, { input: { email, password } })).login;
  }

  const completed = async (input: Record<string, unknown>): Promise<SignedIn> =>
    asSignedIn(harness, (await guest().data(factors.completeMfa, { input })).completeMfa);

  const completionError = async (input: Record<string, unknown>): Promise<string> =>
    (await guest().error(factors.completeMfa, { input })).extensions.code as string;

  /** A login that a passkey has answered: its code, or the user. */
  async function passkeyLogin(
    answer: (options: never) => unknown,
  ): Promise<{ user?: SignedIn; code?: string; input: Record<string, unknown> }> {
    const { challenge, options } = (await guest().data(factors.beginPasskeyLogin)).beginPasskeyLogin;
    const input = { challenge, credential: answer(options as never) };
    const { data, errors } = await guest().request(factors.loginWithPasskey, { input });
    if (errors?.[0]) return { code: errors[0].extensions?.['code'] as string, input };
    return { user: asSignedIn(harness, (data as never)['loginWithPasskey']), input };
  }

  /** Another session of the user, who has an authenticator app. */
  async function enrolled(user: SignedIn): Promise<SignedIn> {
    const { codes } = (await user.client.data(factors.regenerateRecoveryCodes)).regenerateRecoveryCodes;
    const { challenge } = await challenged(user.email);
    return completed({ challenge, method: 'RECOVERY_CODE', code: codes[0] });
  }

  return { codeOf, enrolled, enrolTotp, enrolPasskey, challenged, completed, completionError, passkeyLogin };
}

/** What a login answers that is not over. */
export interface Challenged {
  readonly __typename: 'MfaChallenge' | 'AuthPayload';
  readonly challenge: string;
  readonly methods: string[];
  readonly expiresIn: number;
  readonly passkeyOptions: never;
}
