import type { Caller } from '@platform/auth';
import { requestContext } from '@platform/foundation/logging';
import type { Callers } from '../authentication/principal-resolver.js';
import type { AccessClaims, Tokens } from '../authentication/token-verifier.js';
import { BadRequest } from '../errors.js';
import type { BeforeStage } from '../stage.js';

/** Finds out who calls: nobody without a token; otherwise the bearer of a valid one whose session is alive, with the permissions in effect now. */
export const authenticate =
  (tokens: Tokens | null, callers: Callers): BeforeStage<never, 'caller' | 'claims' | 'scopes'> =>
  async ({ authorization }) => {
    const { caller, claims } = await callerOf(authorization, tokens, callers);
    requestContext.extend({
      userId: caller.userId ?? undefined,
      tenantId: caller.tenantId,
    });
    return { caller, claims, scopes: claims?.scopes ?? new Set() };
  };

/** Who the value of an Authorization header stands for. @throws BadRequest, Unauthenticated, AuthenticationUnavailable */
export async function callerOf(
  authorization: string | undefined,
  tokens: Tokens | null,
  callers: Callers,
): Promise<{ caller: Caller; claims: AccessClaims | null }> {
  const token = tokens && bearerToken(authorization);
  const claims = token ? await tokens.verify(token) : null;
  return { caller: await callers.resolve(claims), claims };
}

/** RFC 6750. @throws BadRequest for a header of any other form. */
function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (!token) throw new BadRequest('The Authorization header must be "Bearer <token>".');
  return token;
}
