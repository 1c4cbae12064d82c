import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Role } from './role.entity.js';
import { Subject } from './subject.entity.js';
import { TenantOwned } from './tenant-owned.js';

/** A user has a role. */
@Entity('assignments')
@Index('assignments_role_user', ['roleId', 'userId', 'tenantId'])
export class Assignment extends TenantOwned {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'assignments_pkey' })
  @ForeignKey(() => Subject, 'userId', { name: 'assignments_subject_fkey', onDelete: 'CASCADE' })
  userId!: string;

  @PrimaryColumn('uuid', { name: 'role_id', primaryKeyConstraintName: 'assignments_pkey' })
  @ForeignKey(() => Role, 'id', { name: 'assignments_role_fkey', onDelete: 'CASCADE' })
  roleId!: string;
}
