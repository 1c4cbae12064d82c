export {
  ACROSS_TENANTS,
  acrossTenants,
  currentTenancy,
  isSameTenancy,
  requiredTenancy,
  type Tenancy,
  TenantMissing,
  withoutTenant,
  withTenant,
} from './tenancy.js';
