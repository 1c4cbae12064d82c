import { Column } from 'typeorm';

/** A row of a tenant: the database shows and takes those of the caller's alone. */
export abstract class TenantOwned {
  @Column('uuid', { name: 'tenant_id', default: () => 'current_tenant()' })
  readonly tenantId!: string;
}
