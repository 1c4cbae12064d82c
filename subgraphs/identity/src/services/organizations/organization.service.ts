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
import { type Database, isUniqueViolation, updateLocked } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, Not } from 'typeorm';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import {
  DefaultOrganization,
  LimitReached,
  Organization,
  OrganizationCreationRestricted,
  type OrganizationDetails,
  OrganizationStatus,
  SingleOrganizationMode,
} from '../../entities/index.js';
import {
  emailAddress,
  InputCheck,
  organizationName,
  organizationSlug,
  reason,
  suggestedSlug,
} from '../../entities/rules/index.js';
import type { AuthzClient } from '../authz-client.js';
import { lockedUser } from '../locked-user.js';
import type { Admission } from './admission.js';
import type { InvitationService } from './invitation.service.js';
import { MAX_OWN_ORGANIZATIONS } from './limits.js';
import { changeable } from './organization-access.js';

/** What a client says of a new organization. */
export interface OrganizationInput {
  readonly name: string;
  readonly slug?: string | null;
  readonly ownerEmail?: string | null;
}

/** What a client changes of an organization: left out or null stays. */
export interface OrganizationChange {
  readonly name?: string | null;
  readonly slug?: string | null;
}

/** How organizations are made, change and end. What they let people do counts from the answer on, everywhere. */
export class OrganizationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly admission: Admission;
      readonly invitations: InvitationService;
      readonly authz: AuthzClient;
      readonly revocations: RevocationVersions;
    },
    private readonly clock: Clock,
    private readonly config: Pick<ProcessConfig, 'platform' | 'tenancy'>,
  ) {}

  /**
   * The caller becomes its administrator, or `ownerEmail` is invited as one.
   * @throws SingleOrganizationMode, OrganizationCreationRestricted, BadUserInput, Conflict, LimitReached, ServiceUnavailable
   */
  async create(caller: Caller, userId: string, input: OrganizationInput): Promise<Organization> {
    if (this.config.tenancy.mode === 'single') throw new SingleOrganizationMode();
    const restricted = this.config.tenancy.creation === 'operators' || input.ownerEmail != null;
    if (restricted && !caller.permissions.has('identity.organization.manage'))
      throw new OrganizationCreationRestricted();
    const { ownerEmail, ...details } = checkedInput(input);
    const create = (slug: string) => {
      const organization = Organization.create({ name: details.name, slug }, userId, this.clock.now());
      return withTenant(organization.id, () =>
        this.database.transaction((tx) =>
          ownerEmail === null
            ? this.found(tx, organization, userId)
            : this.foundFor(tx, organization, caller, ownerEmail),
        ),
      );
    };
    if (details.slug !== null) return mapTakenSlug(create(details.slug));
    const slug = suggestedSlug(details.name);
    return create(slug).catch((error) =>
      isUniqueViolation(error, SLUG_KEY)
        ? mapTakenSlug(create(`${slug}-${uuidv7().slice(-6)}`))
        : Promise.reject(error),
    );
  }

  /** @throws OrganizationNotFound, BadUserInput, Conflict */
  update(caller: Caller, id: string, input: OrganizationChange): Promise<Organization> {
    const changes = checkedChange(input);
    const change = this.change(caller, id, 'identity.organization.update', async (tx, organization) => {
      const fields = await updateLocked(tx, organization, () => organization.change(changes, this.clock.now()));
      if (fields.length === 0) return;
      await this.outbox.add(tx, organizationUpdated, {
        subject: organization.id,
        data: { organizationId: organization.id, fields },
      });
    });
    return mapTakenSlug(change);
  }

  /** @throws OrganizationNotFound, DefaultOrganization */
  delete(caller: Caller, id: string): Promise<Organization> {
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
      await updateLocked(tx, organization, () => organization.reactivate(this.clock.now()));
      await this.announce(tx, organizationRestored, organization);
    });
  }

  /** @throws OrganizationNotFound, DefaultOrganization, BadUserInput */
  suspend(caller: Caller, id: string, why: string): Promise<Organization> {
    const check = new InputCheck('');
    const given = check.field('reason', () => reason(why));
    check.finish();
    return this.change(caller, id, null, async (tx, organization) => {
      this.assertNotDefault(organization);
      if (organization.status !== OrganizationStatus.ACTIVE) return;
      await updateLocked(tx, organization, () => organization.suspend(given, this.clock.now()));
      await this.outbox.add(tx, organizationSuspended, {
        subject: organization.id,
        data: { organizationId: organization.id, reason: given },
      });
    });
  }

  /** @throws OrganizationNotFound */
  reactivate(caller: Caller, id: string): Promise<Organization> {
    return this.change(caller, id, null, async (tx, organization) => {
      if (organization.status !== OrganizationStatus.SUSPENDED) return;
      await updateLocked(tx, organization, () => organization.reactivate(this.clock.now()));
      await this.announce(tx, organizationReactivated, organization);
    });
  }

  private async found(tx: EntityManager, organization: Organization, userId: string): Promise<Organization> {
    await lockedUser(tx, userId);
    const owned = { createdBy: userId, status: Not(OrganizationStatus.DELETED) };
    if ((await tx.countBy(Organization, owned)) >= MAX_OWN_ORGANIZATIONS)
      throw new LimitReached(MAX_OWN_ORGANIZATIONS, 'organizations of one user');
    await this.insert(tx, organization);
    await this.parts.admission.found(tx, userId);
    return organization;
  }

  private async foundFor(tx: EntityManager, organization: Organization, caller: Caller, email: string) {
    await this.insert(tx, organization);
    await this.parts.authz.establishOrganization(null);
    const roleIds = [await this.parts.authz.administratorRole()];
    await this.parts.invitations.add(tx, { organizationId: organization.id, email, roleIds, invitedBy: caller.userId });
    return organization;
  }

  private async insert(tx: EntityManager, organization: Organization): Promise<void> {
    await tx.insert(Organization, organization);
    await this.announce(tx, organizationCreated, organization);
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
        await bumpVersions(tx, this.parts.revocations, [tenantVersion(organization.id)]);
        return organization;
      });
    // What happens to an organization is told to itself, whoever does it.
    return isUuid(id) ? withTenant(id, change) : change();
  }

  private announce(tx: EntityManager, event: typeof organizationCreated, { id }: Organization): Promise<void> {
    return this.outbox.add(tx, event, { subject: id, data: { organizationId: id } });
  }

  private assertNotDefault({ id }: Organization): void {
    if (id === this.config.platform.tenantId) throw new DefaultOrganization();
  }
}

const SLUG_KEY = 'organizations_slug_key';

/** @throws Conflict */
function mapTakenSlug<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    if (isUniqueViolation(error, SLUG_KEY)) throw new Conflict('This slug is taken.', { field: 'input.slug' });
    throw error;
  });
}

function checkedInput({ name, slug, ownerEmail }: OrganizationInput) {
  const check = new InputCheck();
  const input = {
    name: check.field('name', () => organizationName(name)),
    slug: slug == null ? null : check.field('slug', () => organizationSlug(slug)),
    ownerEmail: ownerEmail == null ? null : check.field('ownerEmail', () => emailAddress(ownerEmail)),
  };
  check.finish();
  return input;
}

function checkedChange({ name, slug }: OrganizationChange): OrganizationDetails {
  const check = new InputCheck();
  const changes = {
    ...(name != null && { name: check.field('name', () => organizationName(name)) }),
    ...(slug != null && { slug: check.field('slug', () => organizationSlug(slug)) }),
  };
  check.finish();
  return changes;
}
