import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How many published posts of a tenant carry a tag; kept by triggers of the posts' table. */
@Entity('tag_count')
@Index('tag_count_most_used', { synchronize: false })
@Check('tag_count_posts', 'posts >= 0')
@Check('tag_count_texts', 'char_length(name) <= 500')
export class TagCount {
  @PrimaryColumn('uuid', {
    name: 'tenant_id',
    primaryKeyConstraintName: 'tag_count_pkey',
    default: () => 'current_tenant()',
  })
  tenantId!: string;

  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'tag_count_pkey' })
  name!: string;

  @Column({ type: 'integer' })
  posts!: number;
}
