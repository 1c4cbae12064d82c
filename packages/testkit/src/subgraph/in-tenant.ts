import { withTenant } from '@platform/postgres/tenancy';

/** Services whose methods act in the tenant, as they do for a command at the terminal. */
export function inTenant<Services extends object>(tenantId: string, services: Services): Services {
  return new Proxy(services, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member === 'function')
        return (...given: unknown[]) => withTenant(tenantId, () => member.apply(target, given));
      return typeof member === 'object' && member !== null ? inTenant(tenantId, member) : member;
    },
  });
}
