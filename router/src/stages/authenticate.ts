import type { Caller } from '@platform/auth';
import { requestContext } from '@platform/foundation/logging';
import type { ApiKeyUses } from '../authentication/api-key-uses.js';
import type { Callers } from '../authentication/principal-resolver.js';
import type { AccessClaims, Tokens } from '../authentication/token-verifier.js';
import { BadRequest } from '../errors.js';
import type { IncomingOperation } from '../operation.js';
import type { OrganizationOfRequest } from '../organizations/index.js';
import type { BeforeStage } from '../stage.js';

/** What finds out who calls. */
export interface Authentication {
  /** Null where nobody signs in: then every caller is anonymous. */
  readonly tokens: Tokens | null;
  readonly callers: Callers;
  /** Left out where requests name no organization. */
  readonly organizations?: OrganizationOfRequest;
  /** Left out where machines have no keys. */
  readonly keyUses?: ApiKeyUses;
}

/** Who calls, and what told. */
interface Authenticated {
  readonly caller: Caller;
  readonly claims: AccessClaims | null;
  /** The organization that the request names. */
  readonly organization: string | undefined;
}

/** Finds out who calls: nobody without a token; otherwise the bearer of a valid one whose session is alive, or of an API key, with the permissions in effect now. */
export const authenticate =
  (authentication: Authentication): BeforeStage<never, 'caller' | 'claims' | 'scopes' | 'organization'> =>
  async (operation) => {
    const { caller, claims, organization } = await callerOf(operation, authentication);
    requestContext.extend({
      userId: caller.userId ?? undefined,
      apiKeyId: caller.apiKeyId ?? undefined,
      serviceAccountId: caller.serviceAccountId ?? undefined,
      tenantId: caller.tenantId,
    });
    return { caller, claims, organization, scopes: claims?.scopes ?? new Set() };
  };

/** Who the Authorization header, or its equivalent, stands for. @throws BadRequest, Unauthenticated, AuthenticationUnavailable */
export async function callerOf(
  { authorization, clientIp, headers }: Pick<IncomingOperation, 'authorization' | 'clientIp' | 'headers'>,
  { tokens, callers, organizations, keyUses }: Authentication,
): Promise<Authenticated> {
  const token = tokens && bearerToken(authorization);
  const claims = token ? await tokens.verify(token) : null;
  const organization = organizations?.of(headers);
  const caller = await callers.resolve(claims, organization);
  keyUses?.add(caller, clientIp);
  return { caller, claims, organization };
}

/** RFC 6750. @throws BadRequest for a header of any other form. */
function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (!token) throw new BadRequest('The Authorization header must be "Bearer <token>".');
  return token;
}
