import type { PermissionCode } from '@platform/auth';
import { permissions } from '@platform/contracts';
import { PlatformPermission } from './errors.js';
import { declaredCodes, isDeclared } from './permission.entity.js';
import type { Role } from './role.entity.js';

/** Which permissions roles can have: those that reach beyond one organization are for roles of the default organization. */
export class PermissionScope {
  constructor(private readonly defaultTenantId: string) {}

  /** What the role permits, sorted, given the codes stored for it. */
  permittedBy(
    { isAdministrator, tenantId }: Pick<Role, 'isAdministrator' | 'tenantId'>,
    granted: readonly string[],
  ): readonly PermissionCode[] {
    const codes = isAdministrator ? declaredCodes : granted.filter(isDeclared).sort();
    return codes.filter((code) => this.covers(tenantId, code));
  }

  /** Whether roles of the organization can have the permission. */
  covers(tenantId: string, code: PermissionCode): boolean {
    return tenantId === this.defaultTenantId || !permissions[code].platform;
  }

  /** @throws PlatformPermission that names every code which no role of the organization can have */
  assertCovers(tenantId: string, codes: readonly PermissionCode[]): void {
    const beyond = codes.filter((code) => !this.covers(tenantId, code));
    if (beyond.length > 0) throw new PlatformPermission(beyond);
  }
}
