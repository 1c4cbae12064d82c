import type { Clock } from '@platform/foundation/clock';
import { BadUserInput } from '@platform/foundation/errors';
import type { EntityManager } from 'typeorm';
import {
  InvalidToken,
  Invitation,
  InvitationClosed,
  InvitationEmailMismatch,
  InvitationExpired,
  InvitationNotFound,
  InvitationStatus,
  Organization,
  OrganizationSuspended,
} from '../../entities/index.js';
import { secretHash } from '../tokens/secret-text.js';

/** One invitation: its id, or the secret of its link. */
export interface InvitationAnswer {
  readonly id?: string | null;
  readonly token?: string | null;
}

const COLUMNS = `id, tenant_id AS "organizationId", email, role_ids AS "roleIds", invited_by AS "invitedBy", status, token_hash AS "tokenHash",
  created_at AS "createdAt", sent_at AS "sentAt", sends, expires_at AS "expiresAt", closed_at AS "closedAt"`;

/** Invitations as who was invited finds them, in whichever organization they are: by their address, or by a link. */
export class InvitationLinks {
  constructor(private readonly clock: Clock) {}

  /** The invitation of the link, whatever became of it; null for an unknown one. */
  async by(manager: EntityManager, token: string): Promise<Invitation | null> {
    const [found] = await read(manager, 'invitation_by_link($1)', secretHash(token));
    return found ?? null;
  }

  /** Every one to the address, newest first. */
  ever(manager: EntityManager, email: string): Promise<Invitation[]> {
    return read(manager, 'invitations_to($1)', email);
  }

  /** Those to the address that can be accepted, newest first. */
  async to(manager: EntityManager, email: string): Promise<Invitation[]> {
    const now = this.clock.now();
    const pending = (await this.ever(manager, email)).filter(({ status }) => status === InvitationStatus.PENDING);
    const active = await activeAmong(manager, pending);
    return pending.filter((one) => one.expiresAt > now && active.has(one.organizationId));
  }

  /** The one that a user with this verified address names; null for an unverified address. @throws as `InvitationService.answered` */
  async named(manager: EntityManager, { id, token }: InvitationAnswer, address: string | null): Promise<Invitation> {
    if ((id == null) === (token == null)) throw new BadUserInput({ input: 'Give the id or the token, not both.' });
    if (token != null) {
      const found = await this.by(manager, token);
      if (!found) throw new InvalidToken();
      if (found.email !== address) throw new InvitationEmailMismatch(found.email);
      return found;
    }
    const own = address === null ? [] : await this.ever(manager, address);
    const found = own.find((one) => one.id === id?.toLowerCase());
    if (!found) throw new InvitationNotFound();
    return found;
  }

  /** The same with its row locked, in its organization. @throws as `InvitationService.answered` */
  async reread(tx: EntityManager, { id, tokenHash }: Invitation, { token }: InvitationAnswer): Promise<Invitation> {
    const lock = { mode: 'for_no_key_update' } as const;
    const byLink = token != null && tokenHash !== null;
    const invitation = await tx.findOne(Invitation, { where: { id, ...(byLink && { tokenHash }) }, lock });
    const state = invitation?.state(this.clock.now());
    if (!invitation || (token != null && state !== InvitationStatus.PENDING)) {
      throw token == null ? new InvitationNotFound() : new InvalidToken();
    }
    if (state === InvitationStatus.EXPIRED) throw new InvitationExpired();
    if (state !== InvitationStatus.PENDING) throw new InvitationClosed();
    return invitation;
  }
}

/** Only an active organization can be joined; the reason of a suspension is for members. @throws OrganizationSuspended */
export async function assertInUse(tx: EntityManager, { organizationId }: Invitation): Promise<void> {
  const organization = await tx.findOneBy(Organization, { id: organizationId });
  if (!organization?.isActive) throw new OrganizationSuspended(null);
}

async function read(manager: EntityManager, source: string, parameter: unknown): Promise<Invitation[]> {
  const rows: Partial<Invitation>[] = await manager.query(
    `SELECT ${COLUMNS} FROM ${source} ORDER BY created_at DESC, id DESC`,
    [parameter],
  );
  return rows.map((row) => Object.assign(new Invitation(), row));
}

async function activeAmong(manager: EntityManager, invitations: readonly Invitation[]): Promise<ReadonlySet<string>> {
  if (invitations.length === 0) return new Set();
  const ids = invitations.map(({ organizationId }) => organizationId);
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM organizations WHERE id = ANY ($1) AND status = 'ACTIVE'`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}
