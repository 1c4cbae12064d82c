import { policy } from '@platform/subgraph-server/graphql';
import { Directive, Query, Resolver } from 'type-graphql';

@Resolver()
export class InfoResolver {
  @Query(() => String, { nullable: true, description: 'The first field; yours go beside it.' })
  @Directive(policy('shop.info.read'))
  shopInfo(): string {
    return 'shop';
  }
}
