import { policy, selectedFields } from '@platform/subgraph-server/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Info, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import { authorOf, Comment, contentPartFor, Post, User } from '../entities/index.js';
import type { BlogContext } from '../loaders/index.js';
import type { CommentService } from '../services/index.js';
import { AddCommentInput } from './types/index.js';

@Resolver(() => Comment)
export class CommentResolver {
  constructor(private readonly service: CommentService) {}

  @Mutation(() => Comment, { nullable: true })
  @Directive(policy('blog.comment.create'))
  addComment(
    @Arg('input', () => AddCommentInput) input: AddCommentInput,
    @Ctx() { caller }: BlogContext,
  ): Promise<Comment> {
    return this.service.add(caller, input);
  }

  @Mutation(() => Boolean)
  @Directive(policy('blog.comment.create', 'blog.comment.moderate'))
  deleteComment(@Arg('id', () => ID) id: string, @Ctx() { caller }: BlogContext): Promise<true> {
    return this.service.delete(caller, id);
  }

  @Subscription(() => Comment, { subscribe: ({ args, context }) => context.loaders.addedComments(args.postId) })
  @Directive(policy('blog.post.read'))
  commentAdded(@Root() comment: Comment, @Arg('postId', () => ID) _postId: string): Comment {
    return comment;
  }

  @FieldResolver(() => Post)
  post(
    @Root() { postId }: Comment,
    @Ctx() { loaders }: BlogContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post | null> {
    return loaders.postById(contentPartFor(selectedFields(info))).load(postId);
  }

  @FieldResolver(() => User, { nullable: true })
  author(@Root() comment: Comment): User | null {
    return authorOf(comment);
  }
}
