import type { Caller } from '@platform/auth';
import { organizationCreated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { ProcessConfig } from '@platform/foundation/config';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { currentMutation } from '@platform/postgres/idempotency';
import { withTenant } from '@platform/postgres/tenancy';
import { type EntityManager, Not } from 'typeorm';
import {
  LimitReached,
  Organization,
  OrganizationCreationRestricted,
  OrganizationStatus,
  SingleOrganizationMode,
  User,
  UserStatus,
} from '../../entities/index.js';
import { emailAddress, InputCheck, organizationName, organizationSlug } from '../../entities/rules/index.js';
import type { AuthzClient } from '../authz-client.js';
import { lockedUser } from '../locked-user.js';
import type { Admission } from './admission.js';
import type { InvitationService } from './invitation.service.js';
import { MAX_OWN_ORGANIZATIONS } from './limits.js';
import { mapTakenSlug, underFreeSlug } from './taken-slugs.js';

const MAX_NAME = 100;

/** What a client says of a new organization. */
export interface OrganizationInput {
  readonly name: string;
  readonly slug?: string | null;
  readonly ownerEmail?: string | null;
}

/** How organizations are made. */
export class OrganizationCreation {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly admission: Admission;
      readonly invitations: InvitationService;
      readonly authz: AuthzClient;
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
      // Sent again under its key, the mutation finds in the same tenant what it made there.
      const made = { id: currentMutation()?.madeId, name: details.name, slug };
      const organization = Organization.create(made, ownerEmail === null ? userId : null, this.clock.now());
      return withTenant(organization.id, () =>
        this.database.transaction((tx) =>
          ownerEmail === null
            ? this.found(tx, organization, userId)
            : this.foundFor(tx, organization, caller, ownerEmail),
        ),
      );
    };
    return details.slug === null ? underFreeSlug(details.name, create) : mapTakenSlug(create(details.slug));
  }

  /** Makes an organization for a user who belongs to none, where that is what a new account gets; so a second time nothing. @throws ServiceUnavailable */
  async createPersonal(userId: string): Promise<void> {
    if (this.config.tenancy.onRegistration !== 'personal' || this.config.tenancy.mode === 'single') return;
    const user = await this.database.read.findOneBy(User, { id: userId, status: UserStatus.ACTIVE });
    if (!user) return;
    const name = user.displayName.slice(0, MAX_NAME).toWellFormed();
    await underFreeSlug(name, (slug) => {
      const organization = Organization.create({ name, slug }, userId, this.clock.now());
      return withTenant(organization.id, () =>
        this.database.transaction(async (tx) => {
          await lockedUser(tx, userId);
          const belongs: unknown[] = await tx.query('SELECT FROM memberships_of($1) LIMIT 1', [userId]);
          if (belongs.length === 0) await this.found(tx, organization, userId);
        }),
      );
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
    const roleIds = [await this.parts.authz.roleNamed('admin')];
    await this.parts.invitations.add(tx, { organizationId: organization.id, email, roleIds, invitedBy: caller.userId });
    return organization;
  }

  private async insert(tx: EntityManager, organization: Organization): Promise<void> {
    await tx.insert(Organization, organization);
    const { id } = organization;
    await this.outbox.add(tx, organizationCreated, { subject: id, data: { organizationId: id } });
  }
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
