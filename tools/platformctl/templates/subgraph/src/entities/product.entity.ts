import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { StaleVersion } from './errors.js';

/** What an owner says of a product. */
export interface ProductContent {
  readonly name: string;
}

/** A product. Whatever makes it different raises its version. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('products')
@Index('products_listed', ['tenantId', 'createdAt', 'id'])
@Index('products_owner', ['ownerId', 'createdAt', 'id'])
@Check('products_texts', 'char_length(name) <= 200')
export class Product {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'products_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'tenant_id', default: () => 'current_tenant()' })
  tenantId!: string;

  /** Null once the owner's account is gone. */
  @Column({ type: 'uuid', name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  @Field(() => Int, { description: 'Send it back with updateProduct: a stale one returns CONFLICT.' })
  @Column({ type: 'integer' })
  version!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;

  static create(
    { tenantId, ownerId }: Pick<Product, 'tenantId' | 'ownerId'>,
    content: ProductContent,
    now: Date,
  ): Product {
    return Object.assign(new Product(), {
      ...content,
      id: uuidv7(),
      tenantId,
      ownerId,
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** Replaces what is given; returns whether anything is different now. @throws StaleVersion unless `version` is the current one. */
  update(changes: Partial<ProductContent>, version: number, now: Date): boolean {
    if (version !== this.version) throw new StaleVersion(this.version);
    if (Object.entries(changes).every(([name, value]) => this[name as keyof ProductContent] === value)) return false;
    Object.assign(this, changes);
    this.version += 1;
    this.updatedAt = now;
    return true;
  }
}
