import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { Post } from '../entities/index.js';
import type { BlogContext } from '../loaders/index.js';
import type { CoverImageService, CoverImages } from '../services/index.js';
import { CoverImage, CoverImageUpload, UploadCoverImageInput } from './types/index.js';

@Resolver(() => Post)
export class CoverImageResolver {
  constructor(
    private readonly service: CoverImageService,
    private readonly covers: CoverImages,
  ) {}

  @Mutation(() => CoverImageUpload, {
    nullable: true,
    description: 'Answers where to send an image, which setCoverImage then makes the cover image of the post.',
  })
  @Directive(policy('blog.post.update', 'blog.post.moderate'))
  async uploadCoverImage(
    @Arg('postId', () => ID) postId: string,
    @Arg('input', () => UploadCoverImageInput) input: UploadCoverImageInput,
    @Ctx() { caller }: BlogContext,
  ): Promise<CoverImageUpload> {
    const { file, headers, ...link } = await this.service.request(caller, postId, input);
    return { id: file, ...link, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) };
  }

  @Mutation(() => Post, { nullable: true })
  @Directive(policy('blog.post.update', 'blog.post.moderate'))
  setCoverImage(
    @Arg('postId', () => ID) postId: string,
    @Arg('uploadId', () => ID) uploadId: string,
    @Ctx() { caller }: BlogContext,
  ): Promise<Post> {
    return this.service.set(caller, postId, uploadId);
  }

  @Mutation(() => Post, { nullable: true })
  @Directive(policy('blog.post.update', 'blog.post.moderate'))
  removeCoverImage(@Arg('postId', () => ID) postId: string, @Ctx() { caller }: BlogContext): Promise<Post> {
    return this.service.remove(caller, postId);
  }

  @FieldResolver(() => CoverImage, { nullable: true })
  coverImage(@Root() { id, coverFile, coverSize }: Post): CoverImage | null {
    if (coverFile === null || coverSize === null) return null;
    const { type, ...link } = this.covers.link(id, coverFile);
    return { ...link, contentType: type, size: coverSize };
  }
}
