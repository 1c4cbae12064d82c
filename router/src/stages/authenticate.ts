import { requestContext } from '@platform/kernel/logging';
import type { Callers } from '../callers/caller-resolver.js';
import type { Tokens } from '../callers/token-verifier.js';
import { BadRequest } from '../errors.js';
import type { Stage } from '../operation.js';

/** Finds out who calls: nobody without a token; otherwise the bearer of a valid one whose session is alive, with the permissions in effect now. */
export const authenticate =
  (tokens: Tokens | null, callers: Callers): Stage =>
  async (context, next) => {
    const token = tokens && bearerToken(context.authorization);
    const claims = token ? await tokens.verify(token) : null;
    context.caller = await callers.resolve(claims);
    context.claims = claims;
    context.scopes = claims?.scopes ?? new Set();
    requestContext.extend({
      userId: context.caller.userId ?? undefined,
      tenantId: context.caller.tenantId,
    });
    return next();
  };

/** RFC 6750. @throws BadRequest for a header of any other form. */
function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (!token) throw new BadRequest('The Authorization header must be "Bearer <token>".');
  return token;
}
