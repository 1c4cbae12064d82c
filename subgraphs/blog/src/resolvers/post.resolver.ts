import { PAGED_LIST_SIZE, PageArguments, policy, selectedFields } from '@platform/subgraph-server/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  FieldResolver,
  ID,
  Info,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { authorOf, contentPartFor, excerptOf, Post, Tag, User } from '../entities/index.js';
import type { BlogContext } from '../loaders/index.js';
import type { PostSearch, PostService } from '../services/index.js';
import { CommentConnection, CreatePostInput, PostConnection, PostFilter, UpdatePostInput } from './types/index.js';

@Resolver(() => Post)
export class PostResolver {
  constructor(
    private readonly service: PostService,
    private readonly search: PostSearch,
  ) {}

  @Query(() => Post, { nullable: true })
  @Directive(policy('blog.post.read'))
  post(
    @Arg('id', () => ID) id: string,
    @Ctx() { loaders }: BlogContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post | null> {
    return loaders.postById(contentPartFor(selectedFields(info))).load(id);
  }

  @Query(() => Post, { nullable: true })
  @Directive(policy('blog.post.read'))
  postBySlug(
    @Arg('slug', () => String) slug: string,
    @Ctx() { loaders }: BlogContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Post | null> {
    return loaders.postBySlug(contentPartFor(selectedFields(info))).load(slug);
  }

  @Query(() => PostConnection, {
    nullable: true,
    description:
      "Without a status filter: published ones. DRAFT and ARCHIVED: one's own, or any for moderators. Order: publishedAt (else createdAt) and id, newest first. A search lists the newest 1,000 that match, the best match first.",
  })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('blog.post.read'))
  async posts(
    @Arg('filter', () => PostFilter, { nullable: true }) filter: PostFilter | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { caller }: BlogContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PostConnection> {
    const part = contentPartFor(selectedFields(info));
    return new PostConnection(await this.search.find(caller, filter ?? {}, page, part));
  }

  @Mutation(() => Post, { nullable: true })
  @Directive(policy('blog.post.create'))
  createPost(
    @Arg('input', () => CreatePostInput) input: CreatePostInput,
    @Ctx() { caller }: BlogContext,
  ): Promise<Post> {
    return this.service.create(caller, input);
  }

  @Mutation(() => Post, { nullable: true })
  @Directive(policy('blog.post.update', 'blog.post.moderate'))
  updatePost(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdatePostInput) input: UpdatePostInput,
    @Ctx() { caller }: BlogContext,
  ): Promise<Post> {
    return this.service.update(caller, id, input);
  }

  @Mutation(() => Post, { nullable: true, description: 'Also brings an archived post back.' })
  @Directive(policy('blog.post.publish', 'blog.post.moderate'))
  publishPost(@Arg('id', () => ID) id: string, @Ctx() { caller }: BlogContext): Promise<Post> {
    return this.service.publish(caller, id);
  }

  @Mutation(() => Post, { nullable: true })
  @Directive(policy('blog.post.publish', 'blog.post.moderate'))
  archivePost(@Arg('id', () => ID) id: string, @Ctx() { caller }: BlogContext): Promise<Post> {
    return this.service.archive(caller, id);
  }

  @Mutation(() => Boolean)
  @Directive(policy('blog.post.delete', 'blog.post.moderate'))
  deletePost(@Arg('id', () => ID) id: string, @Ctx() { caller }: BlogContext): Promise<true> {
    return this.service.delete(caller, id);
  }

  @Subscription(() => Post, { subscribe: ({ args, context }) => context.loaders.publishedPosts(args.tag ?? null) })
  @Directive(policy('blog.post.read'))
  postPublished(@Root() post: Post, @Arg('tag', () => String, { nullable: true }) _tag: string | null): Post {
    return post;
  }

  @FieldResolver(() => String)
  excerpt(
    @Root() post: Post,
    @Arg('length', () => Int, { nullable: true, defaultValue: 200 }) length: number | null,
  ): string {
    return excerptOf(post, length ?? 200);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Null once the author has deleted their account.' })
  author(@Root() post: Post): User | null {
    return authorOf(post);
  }

  @FieldResolver(() => [Tag])
  tags(@Root() post: Post): Tag[] {
    return post.tags.map((name) => new Tag(name));
  }

  @FieldResolver(() => CommentConnection)
  @Directive(PAGED_LIST_SIZE)
  async comments(
    @Root() { id }: Post,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { loaders }: BlogContext,
  ): Promise<CommentConnection> {
    return new CommentConnection(await loaders.commentsByPost.load(id, page));
  }
}
