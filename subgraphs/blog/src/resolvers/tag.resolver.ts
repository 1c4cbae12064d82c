import { policy } from '@platform/subgraph-server/graphql';
import { Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Tag } from '../entities/index.js';
import type { BlogContext } from '../loaders/index.js';
import type { PostSearch } from '../services/index.js';

@Resolver(() => Tag)
export class TagResolver {
  constructor(private readonly search: PostSearch) {}

  @Query(() => [Tag], { nullable: true })
  @Directive(policy('blog.post.read'))
  tags(@Ctx() { caller }: BlogContext): Promise<Tag[]> {
    return this.search.tags(caller);
  }

  @FieldResolver(() => Int)
  postCount(@Root() { name, posts }: Tag, @Ctx() { loaders }: BlogContext): number | Promise<number> {
    return posts ?? loaders.postCountByTag.load(name);
  }
}
