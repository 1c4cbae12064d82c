import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import { AuthPayload, OrganizationView } from './types/index.js';
import { whole } from './visible-organization.js';

/** What is asked of beside the tokens. */
@Resolver(() => AuthPayload)
export class AuthPayloadResolver {
  @FieldResolver(() => OrganizationView, {
    nullable: true,
    description: 'The organization of the access token; null when the session has none.',
  })
  async organization(
    @Root() { grant }: AuthPayload,
    @Ctx() context: IdentityContext,
  ): Promise<OrganizationView | null> {
    const found = grant.organizationId === null ? null : await context.loaders.organizations.load(grant.organizationId);
    return found && whole(found, context);
  }
}
