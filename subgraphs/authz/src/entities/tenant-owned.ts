import { Column } from 'typeorm';

/** The tenant that a row belongs to: one default tenant until multi-tenancy is switched on. */
export abstract class TenantOwned {
  @Column('uuid', { name: 'tenant_id', default: '00000000-0000-7000-8000-000000000001' })
  readonly tenantId!: string;
}
