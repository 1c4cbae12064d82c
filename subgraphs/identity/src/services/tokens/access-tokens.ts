import type { Clock } from '@platform/foundation/clock';
import { SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import type { IdentityConfig } from '../../config.js';
import { AuthenticationMethod, type Session, type User } from '../../entities/index.js';
import type { RoleNames } from './role-names.js';
import type { SigningKeys } from './signing-keys.js';

/** What a client gets when a session begins or goes on. `expiresIn` is in seconds, of the access token. */
export interface TokenResponse {
  readonly user: User;
  /** In which the access token lets its bearer act; null for none. */
  readonly organizationId: string | null;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

/** Signs access tokens: JWTs after RFC 9068, good for one session. One that cannot name the roles says nothing of them, and is to be refreshed soon. */
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly roleNames: RoleNames,
    private readonly clock: Clock,
    private readonly config: Pick<
      IdentityConfig,
      'issuer' | 'audience' | 'accessTokenLifetime' | 'rolelessTokenLifetime'
    >,
  ) {}

  /** @param organizationId in which the access token acts: the session's own when left out. */
  async grant(
    user: User,
    session: Session,
    refreshToken: string,
    organizationId = session.organizationId,
  ): Promise<TokenResponse> {
    const { issuer, audience, accessTokenLifetime, rolelessTokenLifetime } = this.config;
    const { kid, algorithm, privateKey } = await this.keys.current();
    const roles = await this.roleNames.of(session, organizationId);
    const lifetime = roles ? accessTokenLifetime : Math.min(accessTokenLifetime, rolelessTokenLifetime);
    const now = this.clock.now();
    const accessToken = await new SignJWT({
      sid: session.id,
      email: user.email,
      ...(roles && { roles }),
      ...(organizationId !== null && { tenant_id: organizationId }),
      scope: '',
      auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
      amr: amrOf(session),
    })
      .setProtectedHeader({ alg: algorithm, kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(user.id)
      .setIssuedAt(now)
      .setExpirationTime(new Date(now.getTime() + lifetime))
      .setJti(uuidv7())
      .sign(privateKey);
    return { user, organizationId, accessToken, refreshToken, expiresIn: Math.floor(lifetime / 1000) };
  }
}

/** The values of RFC 8176 where there is one. */
const AMR: Record<AuthenticationMethod, string> = {
  [AuthenticationMethod.PASSWORD]: 'pwd',
  [AuthenticationMethod.TOTP]: 'otp',
  [AuthenticationMethod.RECOVERY_CODE]: 'otp',
  [AuthenticationMethod.PASSKEY]: 'pop',
  [AuthenticationMethod.EXTERNAL]: 'ext',
  [AuthenticationMethod.SSO]: 'sso',
  [AuthenticationMethod.EMAIL_LINK]: 'email',
  [AuthenticationMethod.IMPERSONATION]: 'imp',
};

const amrOf = ({ methods, hasSecondFactor }: Session): string[] => [
  ...new Set([...methods.map((method) => AMR[method]), ...(hasSecondFactor ? ['mfa'] : [])]),
];
