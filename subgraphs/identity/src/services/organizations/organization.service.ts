import { type Caller, type RevocationVersions, tenantVersion } from '@platform/auth';
import {
  organizationCreated,
  organizationDeleted,
  organizationReactivated,
  organizationRestored,
  organizationSuspended,
  organizationUpdated,
} from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { ProcessConfig } from '@platform/foundation/config';
import { Conflict } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import { type Database, updateLocked } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  DefaultOrganization,
  MfaEnrollmentRequired,
  Organization,
  type OrganizationDetails,
  OrganizationStatus,
} from '../../entities/index.js';
import { InputCheck, organizationName, organizationSlug, reason } from '../../entities/rules/index.js';
import { hasFactor, loginMethodsOf, type RecentAuthentication } from '../factors/index.js';
import { changeable } from './organization-access.js';
import { mapTakenSlug } from './taken-slugs.js';

/** What a client changes of an organization: left out or null stays. */
export interface OrganizationChange {
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly mfaRequired?: boolean | null;
}

/** How organizations change and end. What they let people do counts from the answer on, everywhere. */
export class OrganizationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly recent: RecentAuthentication,
    private readonly clock: Clock,
    private readonly config: Pick<ProcessConfig, 'platform' | 'tenancy'>,
  ) {}

  /** @throws OrganizationNotFound, BadUserInput, Conflict, MfaEnrollmentRequired when the caller would keep themself out */
  update(caller: Caller, id: string, input: OrganizationChange): Promise<Organization> {
    const changes = checkedChange(input);
    const change = this.change(caller, id, 'identity.organization.update', async (tx, organization) => {
      assertNotDeleted(organization);
      if (changes.mfaRequired !== undefined && changes.mfaRequired !== organization.mfaRequired) {
        await this.assertHasShownFactor(tx, caller);
      }
      const fields = await updateLocked(tx, organization, () => organization.change(changes, this.clock.now()));
      if (fields.length === 0) return;
      await this.outbox.add(tx, organizationUpdated, {
        subject: organization.id,
        data: { organizationId: organization.id, fields },
      });
    });
    return mapTakenSlug(change);
  }

  /** @throws OrganizationNotFound, DefaultOrganization, ReauthenticationRequired */
  async delete(caller: Caller, id: string): Promise<Organization> {
    await this.recent.require(caller);
    return this.change(caller, id, 'identity.organization.delete', async (tx, organization) => {
      this.assertNotDefault(organization);
      if (organization.status === OrganizationStatus.DELETED) return;
      await updateLocked(tx, organization, () =>
        organization.delete(this.config.tenancy.deletionGrace, this.clock.now()),
      );
      await this.announce(tx, organizationDeleted, organization);
    });
  }

  /** @throws OrganizationNotFound, also once its data is erased */
  restore(caller: Caller, id: string): Promise<Organization> {
    return this.change(caller, id, null, async (tx, organization) => {
      if (organization.status !== OrganizationStatus.DELETED) return;
      await updateLocked(tx, organization, () => organization.restore(this.clock.now()));
      await this.announce(tx, organizationRestored, organization);
    });
  }

  /** @throws OrganizationNotFound, DefaultOrganization, BadUserInput, Conflict for a deleted one */
  suspend(caller: Caller, id: string, why: string): Promise<Organization> {
    const check = new InputCheck('');
    const given = check.field('reason', () => reason(why));
    check.finish();
    return this.change(caller, id, null, async (tx, organization) => {
      this.assertNotDefault(organization);
      assertNotDeleted(organization);
      if (organization.suspensionReason === given) return;
      await updateLocked(tx, organization, () => organization.suspend(given, this.clock.now()));
      await this.outbox.add(tx, organizationSuspended, {
        subject: organization.id,
        data: { organizationId: organization.id, reason: given },
      });
    });
  }

  /** @throws OrganizationNotFound, Conflict for a deleted one */
  reactivate(caller: Caller, id: string): Promise<Organization> {
    return this.change(caller, id, null, async (tx, organization) => {
      assertNotDeleted(organization);
      if (organization.isActive) return;
      await updateLocked(tx, organization, () => organization.reactivate(this.clock.now()));
      await this.announce(tx, organizationReactivated, organization);
    });
  }

  private change(
    caller: Caller,
    id: string,
    own: Parameters<typeof changeable>[3],
    apply: (tx: EntityManager, organization: Organization) => Promise<void>,
  ): Promise<Organization> {
    const change = () =>
      this.database.transaction(async (tx) => {
        const organization = await changeable(tx, caller, id, own);
        await apply(tx, organization);
        await bumpVersions(tx, this.revocations, [tenantVersion(organization.id)]);
        return organization;
      });
    // The events belong to the organization that changes, not to the caller's.
    return isUuid(id) ? withTenant(id.toLowerCase(), change) : change();
  }

  /** Nobody asks for more than they have shown, and a stolen session asks for no less. @throws ReauthenticationRequired, MfaEnrollmentRequired */
  private async assertHasShownFactor(tx: EntityManager, caller: Caller): Promise<void> {
    const { hasSecondFactor, userId } = await this.recent.require(caller, tx);
    if (hasSecondFactor && hasFactor(await loginMethodsOf(tx, userId))) return;
    throw new MfaEnrollmentRequired('Sign in with a second factor yourself before you change what members need.');
  }

  private announce(tx: EntityManager, event: typeof organizationCreated, { id }: Organization): Promise<void> {
    return this.outbox.add(tx, event, { subject: id, data: { organizationId: id } });
  }

  private assertNotDefault({ id }: Organization): void {
    if (id === this.config.platform.tenantId) throw new DefaultOrganization();
  }
}

/** @throws Conflict */
function assertNotDeleted({ status }: Organization): void {
  if (status === OrganizationStatus.DELETED) throw new Conflict('This organization is deleted. Restore it first.');
}

function checkedChange({ name, slug, mfaRequired }: OrganizationChange): OrganizationDetails {
  const check = new InputCheck();
  const changes = {
    ...(name != null && { name: check.field('name', () => organizationName(name)) }),
    ...(slug != null && { slug: check.field('slug', () => organizationSlug(slug)) }),
    ...(mfaRequired != null && { mfaRequired }),
  };
  check.finish();
  return changes;
}
