import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import { Role } from '../entities/index.js';
import { GrantHolder } from './types/grant-holder.js';

@Resolver(() => GrantHolder)
export class GrantHolderResolver {
  @FieldResolver(() => [Role])
  via(@Root() { user, code }: GrantHolder, @Ctx() { loaders }: AuthzContext): Promise<Role[]> {
    return loaders.rolesByGrant.load({ userId: user.id, code });
  }
}
