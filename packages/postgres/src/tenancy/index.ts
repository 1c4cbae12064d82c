export { eraseTenantRows } from './erase-tenant-rows.js';
export {
  ACROSS_TENANTS,
  acrossTenants,
  actingTenant,
  currentTenancy,
  isSameTenancy,
  requiredTenancy,
  type Tenancy,
  TenantMissing,
  withoutTenant,
  withTenant,
} from './tenancy.js';
