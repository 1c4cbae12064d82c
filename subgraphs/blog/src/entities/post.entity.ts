import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '@platform/auth';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { authorIdOf } from './author-id.js';
import { PostNotPublished, StaleVersion } from './errors.js';
import { LANGUAGES } from './language.js';
import { PostStatus } from './post-status.js';

/** The parts of a post that its author writes. Tags are normalised and in their author's order. */
export interface PostContent {
  readonly title: string;
  readonly content: string;
  readonly tags: string[];
  readonly slug: string;
}

/** What the inputs' kinds of text let through, in the database; a slug may have got a number. */
const POST_TEXTS = `char_length(title) <= 200 AND char_length(content) <= 100000 AND char_length(slug) <= 120
  AND cardinality(tags) <= 10 AND char_length(array_to_string(tags, '')) <= 500 AND char_length(cover_file) <= 100`;

/** A post from its draft to the archive. Whatever makes it different raises its version. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('post')
@Index('post_slug', ['slug', 'tenantId'], { unique: true })
@Index('post_listed', ['status', 'tenantId', 'listedAt', 'id'])
@Index('post_listed_by_author', ['authorId', 'tenantId', 'status', 'listedAt', 'id'])
@Index('post_tags', { synchronize: false })
@Index('post_search', { synchronize: false })
@Check('post_texts', POST_TEXTS)
@Check('post_language', `language IN ('${LANGUAGES.join("', '")}')`)
@Check('post_status', `status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')`)
@Check('post_tags_without_null', 'array_position(tags, NULL) IS NULL')
export class Post {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'post_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'tenant_id', default: () => 'current_tenant()' })
  tenantId!: string;

  /** Null once the author's account is gone. */
  @Column({ type: 'uuid', name: 'author_id', nullable: true })
  authorId!: string | null;

  @Field(() => String)
  @Column({ type: 'text', collation: 'C' })
  slug!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  title!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  content!: string;

  @Column({ type: 'text', array: true, default: () => "'{}'" })
  tags!: string[];

  @Field(() => PostStatus)
  @Column({ type: 'text' })
  status!: PostStatus;

  @Field(() => Int, { description: 'Send it back with updatePost: a stale one answers CONFLICT.' })
  @Column({ type: 'integer' })
  version!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;

  /** When it was first published; publishing it again does not move it. */
  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'published_at', precision: 3, nullable: true })
  publishedAt!: Date | null;

  /** Its place in lists: when it was first published, or else created. */
  @Column({ type: 'timestamptz', name: 'listed_at', precision: 3 })
  listedAt!: Date;

  /** The file of its cover image, whose ending tells the type. */
  @Column({ type: 'text', name: 'cover_file', nullable: true })
  coverFile!: string | null;

  /** In bytes. */
  @Column({ type: 'integer', name: 'cover_size', nullable: true })
  coverSize!: number | null;

  /** What it is written in, as far as the database can tell by its words; kept by a trigger. */
  @Column({ type: 'text', default: 'english', select: false, insert: false, update: false })
  readonly language?: never;

  /** The words of title, tags and content in that language, kept by a trigger. */
  @Column({ type: 'tsvector', nullable: true, select: false, insert: false, update: false })
  readonly search?: never;

  /** How well it answers a search; of found posts only. */
  readonly rank?: number;

  static draft(author: Caller, content: PostContent, now: Date): Post {
    return Object.assign(new Post(), {
      ...content,
      id: uuidv7(),
      tenantId: author.tenantId,
      authorId: authorIdOf(author),
      status: PostStatus.DRAFT,
      version: 1,
      createdAt: now,
      updatedAt: now,
      publishedAt: null,
      coverFile: null,
      coverSize: null,
      listedAt: now,
    });
  }

  /** Replaces what is given; answers whether anything is different now. @throws StaleVersion unless `version` is the current one. */
  edit(changes: Partial<PostContent>, version: number, now: Date): boolean {
    if (version !== this.version) throw new StaleVersion(this.version);
    if (Object.entries(changes).every(([name, value]) => isDeepStrictEqual(this[name as keyof PostContent], value)))
      return false;
    Object.assign(this, changes);
    this.changed(now);
    return true;
  }

  publish(now: Date): void {
    this.status = PostStatus.PUBLISHED;
    this.publishedAt ??= now;
    this.listedAt = this.publishedAt;
    this.changed(now);
  }

  /** @throws PostNotPublished for a draft. */
  archive(now: Date): void {
    if (this.status === PostStatus.DRAFT) throw new PostNotPublished();
    this.status = PostStatus.ARCHIVED;
    this.changed(now);
  }

  cover(file: string | null, size: number | null, now: Date): void {
    this.coverFile = file;
    this.coverSize = size;
    this.changed(now);
  }

  private changed(now: Date): void {
    this.version += 1;
    this.updatedAt = now;
  }
}
