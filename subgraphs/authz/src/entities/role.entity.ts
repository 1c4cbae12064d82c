import type { PermissionCode } from '@platform/kernel/auth';
import { BadUserInput } from '@platform/kernel/errors';
import { DateTime } from '@platform/kernel/graphql';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SystemRoleProtected } from './errors.js';
import { declaredCodes, isDeclared } from './permission.entity.js';
import { ADMIN } from './system-role.js';
import { TenantOwned } from './tenant-owned.js';

const NAME = /^[a-z][a-z0-9_-]{1,49}$/;
const MAX_DESCRIPTION = 500;

/** What an administrator says of a role. A change leaves out what shall stay. */
export interface RoleDetails {
  readonly name?: string | null;
  readonly description?: string | null;
}

/** A named set of permissions that users are given together. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('roles')
@Unique('roles_name', ['tenantId', 'name'])
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
    check(details);
    return Object.assign(new Role(), {
      id: uuidv7(),
      name: details.name,
      description: details.description ?? null,
      system: details.system ?? false,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** True when anything differs from before. @throws BadUserInput, SystemRoleProtected */
  change(details: RoleDetails, now: Date): boolean {
    check(details);
    const name = details.name ?? this.name;
    const description = details.description === undefined ? this.description : details.description;
    if (this.system && name !== this.name) throw new SystemRoleProtected('A system role keeps its name.');
    if (name === this.name && description === this.description) return false;
    Object.assign(this, { name, description, updatedAt: now });
    return true;
  }

  /** True for the one role whose permissions are every permission. */
  get isAdministrator(): boolean {
    return this.name === ADMIN;
  }

  /** What the role permits, sorted, given the codes stored for it. */
  permits(granted: readonly string[]): readonly PermissionCode[] {
    return this.isAdministrator ? declaredCodes : granted.filter(isDeclared).sort();
  }
}

function check({ name, description }: RoleDetails): void {
  const mistakes = {
    ...(name != null &&
      !NAME.test(name) && { name: 'Between 2 and 50 lower-case letters, digits, - and _; a letter first.' }),
    ...(description != null &&
      description.length > MAX_DESCRIPTION && { description: `At most ${MAX_DESCRIPTION} characters.` }),
  };
  if (Object.keys(mistakes).length > 0) throw new BadUserInput(mistakes);
}
