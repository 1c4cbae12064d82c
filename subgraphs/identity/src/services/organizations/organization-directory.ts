import type { Clock } from '@platform/foundation/clock';
import { expensive } from '@platform/foundation/request-bounds';
import { search as aSearch, readCondition, UnfitText } from '@platform/foundation/text';
import { countRows, type Database } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import {
  checkedArgument,
  type ListOrder,
  MAX_COUNT,
  type Page,
  type PageArguments,
  paginate,
} from '@platform/subgraph-server/graphql';
import type { SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  Invitation,
  InvitationStatus,
  Membership,
  type MembershipStatus,
  Organization,
  OrganizationStatus,
  User,
} from '../../entities/index.js';

/** Which organizations to list; what is left out or null does not matter. */
export interface OrganizationFilter {
  readonly search?: string | null;
  readonly status?: OrganizationStatus | null;
}

/** Which members to list. */
export interface MemberFilter {
  readonly search?: string | null;
  readonly status?: MembershipStatus | null;
}

/** Which invitations to list. */
export interface InvitationFilter {
  readonly status?: InvitationStatus | null;
  readonly email?: string | null;
}

const NEWEST_ORGANIZATIONS: ListOrder<Organization> = {
  columns: ['organization.createdAt', 'organization.id'],
  direction: 'DESC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};
const NEWEST_MEMBERS: ListOrder<Membership> = {
  columns: ['membership.joinedAt', 'membership.id'],
  direction: 'DESC',
  valuesOf: ({ joinedAt, id }) => [joinedAt, id],
};
const NEWEST_INVITATIONS: ListOrder<Invitation> = {
  columns: ['invitation.createdAt', 'invitation.id'],
  direction: 'DESC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};

/** Reads organizations, their members and invitations. Callers check visibility first. */
export class OrganizationDirectory {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The id of the organization with this slug or id, where people can act in it. */
  async idOf(name: string): Promise<string | null> {
    const by = isUuid(name) ? { id: name } : { slug: name };
    const found = await this.database.read.findOne(Organization, {
      select: { id: true },
      where: { ...by, status: OrganizationStatus.ACTIVE },
    });
    return found?.id ?? null;
  }

  /** Every one of the platform; deleted ones when asked for. @throws BadUserInput */
  async list({ search, status }: OrganizationFilter, page: PageArguments): Promise<Page<Organization>> {
    const query = this.database.read.createQueryBuilder(Organization, 'organization');
    if (status) query.where('organization.status = :status', { status });
    else query.where('organization.status <> :deleted', { deleted: OrganizationStatus.DELETED });
    const text = containing('filter.search', search);
    if (text === undefined) return paginate(query, NEWEST_ORGANIZATIONS, page);
    query.andWhere('(organization.name ILIKE :text OR organization.slug ILIKE :text)', { text });
    return expensive(() => paginate(query, NEWEST_ORGANIZATIONS, page));
  }

  /** The members of an organization. @param byAddress whether the reader may know of addresses. @throws BadUserInput */
  async members(
    organizationId: string,
    { search, status }: MemberFilter,
    page: PageArguments,
    byAddress: boolean,
  ): Promise<Page<Membership>> {
    const query = this.membersOf();
    if (status) query.andWhere('membership.status = :status', { status });
    const text = containing('filter.search', search);
    if (text !== undefined) {
      const names = `account.username ILIKE :text OR concat_ws(' ', account.firstName, account.lastName) ILIKE :text`;
      query.innerJoin(User, 'account', 'account.id = membership.userId');
      query.andWhere(`(${names}${byAddress ? ' OR account.email ILIKE :text' : ''})`, { text });
    }
    const list = () => paginate(query, NEWEST_MEMBERS, page);
    const found = await withTenant(organizationId, () => (text === undefined ? list() : expensive(list)));
    return { ...found, count: () => withTenant(organizationId, () => found.count()) };
  }

  /** How many members there are, suspended ones included; as far as they are counted. */
  memberCount(organizationId: string): Promise<number> {
    return withTenant(organizationId, () => countRows(this.membersOf(), MAX_COUNT));
  }

  /** Of the organization that is acted for. @throws BadUserInput */
  async invitations({ status, email }: InvitationFilter, page: PageArguments): Promise<Page<Invitation>> {
    const query = this.database.read.createQueryBuilder(Invitation, 'invitation').where('true');
    if (status) query.andWhere(STATES[status], { status: stored(status), now: this.clock.now() });
    const text = containing('filter.email', email);
    if (text !== undefined) query.andWhere('invitation.email ILIKE :text', { text });
    return paginate(query, NEWEST_INVITATIONS, page);
  }

  /** Of the organization that is acted for. */
  async invitation(id: string): Promise<Invitation | null> {
    return isUuid(id) ? this.database.read.findOneBy(Invitation, { id }) : null;
  }

  private membersOf(): SelectQueryBuilder<Membership> {
    return this.database.read.createQueryBuilder(Membership, 'membership').where('true');
  }
}

const PENDING = 'invitation.status = :status AND invitation.expiresAt > :now';
const EXPIRED = 'invitation.status = :status AND invitation.expiresAt <= :now';
const CLOSED = 'invitation.status = :status';

const STATES: Record<InvitationStatus, string> = {
  PENDING,
  EXPIRED,
  ACCEPTED: CLOSED,
  DECLINED: CLOSED,
  REVOKED: CLOSED,
};

const stored = (status: InvitationStatus): InvitationStatus =>
  status === InvitationStatus.EXPIRED ? InvitationStatus.PENDING : status;

/** A pattern for what contains the text; undefined where nothing is searched. @throws BadUserInput for fewer than two characters */
function containing(argument: string, text: string | null | undefined): string | undefined {
  const wanted = checkedArgument(argument, () => {
    const given = readCondition(aSearch, text);
    if (given !== undefined && given.length < 2) throw new UnfitText('At least 2 characters.');
    return given;
  });
  return wanted === undefined ? undefined : `%${wanted.replace(/[\\%_]/g, '\\$&')}%`;
}
