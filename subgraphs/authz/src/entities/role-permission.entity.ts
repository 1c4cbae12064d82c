import { Check, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Role } from './role.entity.js';
import { TenantOwned } from './tenant-owned.js';

/** A grant: the role permits the code. The administrator's role has none, it permits everything. */
@Entity('role_permissions')
@Check('role_permissions_texts', 'char_length(permission) <= 200')
@Index('role_permissions_permission', ['permission'])
export class RolePermission extends TenantOwned {
  @PrimaryColumn('uuid', { name: 'role_id', primaryKeyConstraintName: 'role_permissions_pkey' })
  @ForeignKey(() => Role, 'id', { name: 'role_permissions_role_fkey', onDelete: 'CASCADE' })
  roleId!: string;

  /** As it was granted; its module may be gone by now. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'role_permissions_pkey' })
  permission!: string;
}
