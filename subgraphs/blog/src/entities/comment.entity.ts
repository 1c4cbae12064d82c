import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Post } from './post.entity.js';

/** What somebody says to a post. It is seen, and goes, with the post. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('comment')
@Index('comment_listed', ['postId', 'createdAt', 'id'])
@Index('comment_author', ['authorId'])
@Check('comment_texts', 'char_length(body) <= 5000')
export class Comment {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'comment_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'tenant_id', default: () => 'current_tenant()' })
  tenantId!: string;

  @ForeignKey(() => Post, { name: 'comment_post', onDelete: 'CASCADE' })
  @Column({ type: 'uuid', name: 'post_id' })
  postId!: string;

  /** Null once the author's account is gone. */
  @Column({ type: 'uuid', name: 'author_id', nullable: true })
  authorId!: string | null;

  @Field(() => String)
  @Column({ type: 'text' })
  body!: string;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  static on(post: Post, authorId: string | null, body: string, now: Date): Comment {
    return Object.assign(new Comment(), {
      id: uuidv7(),
      tenantId: post.tenantId,
      postId: post.id,
      authorId,
      body,
      createdAt: now,
    });
  }
}
