import { type CallerTokenSigner, userCaller } from '@platform/auth';
import { type Logger, requestContext } from '@platform/foundation/logging';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { Session } from '../../entities/index.js';

const ROLES_OF = `query RolesOfUser($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { roles { name } } }
}`;

/** The names of a user's roles, as authz tells them to the user. While authz is away they are not known: signing in must not depend on it. */
export class RoleNames {
  constructor(
    private readonly authz: SubgraphEndpoint,
    private readonly callerTokens: CallerTokenSigner,
    private readonly logger: Logger,
    private readonly timeout: number,
  ) {}

  /** In the organization; null when authz does not tell. */
  async of({ userId, id }: Session, organizationId: string | null): Promise<string[] | null> {
    if (organizationId === null) return [];
    const signal = AbortSignal.timeout(this.timeout);
    try {
      const token = await this.callerTokens.sign(userCaller(userId, id, organizationId), 'authz');
      return await Promise.race([this.ask(userId, token, signal), rejected(signal)]);
    } catch (error) {
      this.logger.warn({ err: error }, 'role lookup failed; issuing a short-lived token without roles');
      return null;
    }
  }

  private async ask(userId: string, token: string, signal: AbortSignal): Promise<string[] | null> {
    const { data, errors } = await this.authz.execute(
      { query: ROLES_OF, variables: { representations: [{ __typename: 'User', id: userId }] } },
      { [CALLER_TOKEN_HEADER]: token, 'x-request-id': requestContext.current()?.requestId ?? '' },
      signal,
    );
    if (errors?.length) throw new Error(errors[0]?.message);
    const [user] = (data?._entities ?? []) as ({ roles: { name: string }[] | null } | null)[];
    return user?.roles?.map(({ name }) => name) ?? null;
  }
}

const rejected = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
