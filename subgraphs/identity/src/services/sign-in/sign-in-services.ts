import type { Database } from '@platform/postgres/database';
import type { Credentials, LoginThrottle } from '../credentials/index.js';
import type { FactorServices } from '../factors/index.js';
import type { AccessTokens } from '../tokens/index.js';
import { LoginService } from './login.service.js';
import { PasskeyLoginService } from './passkey-login.service.js';
import { SecondStepService } from './second-step.service.js';
import type { SignIn } from './sign-in.js';

interface Shared extends Pick<FactorServices, 'challenges' | 'factors'> {
  readonly credentials: Credentials;
  readonly throttle: LoginThrottle;
  readonly signIn: SignIn;
  readonly access: AccessTokens;
}

/** The ways in which a session begins at this platform. */
export const signInServices = (
  database: Database,
  { credentials, throttle, challenges, factors, signIn, access }: Shared,
) => ({
  password: new LoginService(database, credentials, signIn, access),
  secondStep: new SecondStepService(database, challenges, factors, signIn, access),
  passkey: new PasskeyLoginService(database, challenges, factors.passkeys, throttle, signIn, access),
});

export type SignInServices = ReturnType<typeof signInServices>;
