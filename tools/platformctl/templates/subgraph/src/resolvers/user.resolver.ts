import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { User } from '../entities/index.js';
import type { ShopContext } from '../loaders/index.js';
import { ProductConnection } from './types/index.js';

@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => ProductConnection, { nullable: true, description: "The user's products." })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('shop.product.read'))
  async products(
    @Root() { id }: User,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { loaders }: ShopContext,
  ): Promise<ProductConnection> {
    return new ProductConnection(await loaders.productsByOwner.load(id, page));
  }
}
