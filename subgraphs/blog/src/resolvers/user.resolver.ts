import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/kernel/graphql';
import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { User } from '../entities/index.js';
import type { BlogContext } from '../loaders/index.js';
import { PostConnection } from './types/index.js';

@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => PostConnection, { nullable: true, description: "The user's published posts." })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('blog.post.read'))
  async posts(
    @Root() { id }: User,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { loaders }: BlogContext,
  ): Promise<PostConnection> {
    return new PostConnection(await loaders.publishedPostsByAuthor.load(id, page));
  }
}
