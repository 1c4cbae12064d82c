import { description as aDescription, opaque, readCondition } from '@platform/foundation/text';
import { checkedArguments, DateTime } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SystemRoleProtected } from './errors.js';
import { ADMIN } from './system-role.js';
import { TenantOwned } from './tenant-owned.js';

const NAME = opaque(50, {
  pattern: /^[a-z][a-z0-9_-]{1,49}$/,
  otherwise: 'Between 2 and 50 lower-case letters, digits, - and _; a letter first.',
});

/** What an administrator says of a role. A change leaves out what shall stay. */
export interface RoleDetails {
  readonly name?: string | null;
  readonly description?: string | null;
}

/** A named set of permissions that users are given together. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('roles')
@Unique('roles_name', ['name', 'tenantId'])
@Index('roles_of_tenant', ['tenantId', 'name'])
@Check('roles_texts', 'char_length(name) <= 50 AND char_length(description) <= 500')
export class Role extends TenantOwned {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'roles_pkey' })
  id!: string;

  @Field(() => String)
  @Column('text')
  name!: string;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  description!: string | null;

  @Field(() => Boolean, { description: 'Made by the platform: can be changed, not deleted.' })
  @Column('boolean', { default: false })
  system!: boolean;

  @Field(() => DateTime)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => DateTime)
  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt!: Date;

  /** @throws BadUserInput */
  static create(details: RoleDetails & { name: string; system?: boolean }, now: Date): Role {
    const { name, description, system } = checked(details);
    return Object.assign(new Role(), {
      id: uuidv7(),
      name,
      description: description ?? null,
      system: system ?? false,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** True when anything differs from before. @throws BadUserInput, SystemRoleProtected */
  change(details: RoleDetails, now: Date): boolean {
    const given = checked(details);
    const name = given.name ?? this.name;
    const description = given.description === undefined ? this.description : given.description;
    if (this.system && name !== this.name) throw new SystemRoleProtected('A system role keeps its name.');
    if (name === this.name && description === this.description) return false;
    Object.assign(this, { name, description, updatedAt: now });
    return true;
  }

  /** True for the one role that permits whatever a role of its organization can. */
  get isAdministrator(): boolean {
    return this.name === ADMIN;
  }
}

/** The details in their one spelling; a blank description is none. @throws BadUserInput that names every mistake. */
function checked<Details extends RoleDetails>(details: Details): Details {
  const { name, description } = details;
  const spelled = checkedArguments({
    name: () => (name == null ? name : NAME.read(name)),
    description: () => (description == null ? description : (readCondition(aDescription, description) ?? null)),
  });
  return { ...details, ...spelled };
}
