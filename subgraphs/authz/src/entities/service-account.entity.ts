import type { Caller } from '@platform/auth';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Role } from './role.entity.js';
import { TenantOwned } from './tenant-owned.js';
import { ROLE_READ } from './user.entity.js';

/** Identity's service account, as far as authz adds to it. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('service_accounts')
@Index('service_accounts_of_tenant', ['tenantId'])
export class ServiceAccount extends TenantOwned {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'service_accounts_pkey' })
  readonly id!: string;

  static of(id: string): ServiceAccount {
    return Object.assign(new ServiceAccount(), { id });
  }

  /** Whether the caller may see what it holds: itself, and whoever has authz.role.read. */
  isOpenTo({ serviceAccountId, permissions }: Caller): boolean {
    return serviceAccountId === this.id || permissions.has(ROLE_READ);
  }
}

/** A service account has a role. */
@Entity('service_account_roles')
@Index('service_account_roles_of_role', ['roleId'])
@Index('service_account_roles_of_tenant', ['tenantId'])
export class ServiceAccountRole extends TenantOwned {
  @PrimaryColumn('uuid', { name: 'service_account_id', primaryKeyConstraintName: 'service_account_roles_pkey' })
  @ForeignKey(() => ServiceAccount, 'id', { name: 'service_account_roles_account_fkey', onDelete: 'CASCADE' })
  serviceAccountId!: string;

  @PrimaryColumn('uuid', { name: 'role_id', primaryKeyConstraintName: 'service_account_roles_pkey' })
  @ForeignKey(() => Role, 'id', { name: 'service_account_roles_role_fkey', onDelete: 'CASCADE' })
  roleId!: string;
}
