import { Check, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Role } from './role.entity.js';
import { TenantOwned } from './tenant-owned.js';

/** A permission that a system role was given because its module says so: once, whatever administrators do afterwards. */
@Entity('default_grants')
@Check('default_grants_texts', 'char_length(permission) <= 200')
export class DefaultGrant extends TenantOwned {
  @PrimaryColumn('uuid', { name: 'role_id', primaryKeyConstraintName: 'default_grants_pkey' })
  @ForeignKey(() => Role, 'id', { name: 'default_grants_role_fkey', onDelete: 'CASCADE' })
  roleId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'default_grants_pkey' })
  permission!: string;
}
