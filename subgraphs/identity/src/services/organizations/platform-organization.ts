import type { Clock } from '@platform/foundation/clock';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Database } from '@platform/postgres/database';
import { withoutTenant } from '@platform/postgres/tenancy';
import { Organization } from '../../entities/index.js';
import { suggestedSlug } from '../../entities/rules/index.js';

/** Sees to it that the platform's own organization exists before anything is answered. What operators made of it since then stays. */
export class PlatformOrganization implements LifecycleComponent {
  readonly name = 'platform-organization';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly organization: { readonly id: string; readonly name: string },
  ) {}

  async start(): Promise<void> {
    const { id, name } = this.organization;
    await withoutTenant(async () => {
      const { read } = this.database;
      if (await read.existsBy(Organization, { id })) return;
      const slug = `${suggestedSlug(name)}-${id.slice(-6)}`;
      const made = Object.assign(Organization.create({ name, slug }, null, this.clock.now()), { id });
      await read.createQueryBuilder().insert().into(Organization).values(made).orIgnore().execute();
    });
  }
}
