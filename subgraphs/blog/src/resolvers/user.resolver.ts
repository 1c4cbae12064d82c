import { PAGED_LIST_SIZE, PageArguments, policy, selectedFields } from '@platform/subgraph-server/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import { contentPartFor, User } from '../entities/index.js';
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
    @Info() info: GraphQLResolveInfo,
  ): Promise<PostConnection> {
    return new PostConnection(
      await loaders.publishedPostsByAuthor(contentPartFor(selectedFields(info))).load(id, page),
    );
  }
}
