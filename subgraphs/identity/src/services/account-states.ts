import { BadUserInput } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { type EntityManager, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { User, type UserStatus } from '../entities/index.js';

const MAX_IDS = 100;

/** What an account can be used for, as committed. */
export interface AccountState {
  readonly id: string;
  readonly status: UserStatus;
  /** Active, verified, with a password, a passkey or a linked account at a provider, and an active member of the organization that is acted for: its owner can act there today. */
  readonly canSignIn: boolean;
  /** Whether it belongs to that organization, suspended or not. */
  readonly member: boolean;
  /** Whether a transaction is about to change the account: what is told here may be over in a moment. */
  readonly changing: boolean;
}

/** Tells authz which accounts exist and which of them can sign in. Deleted ones are told as such, unknown ones not at all. */
export class AccountStates {
  constructor(private readonly database: Database) {}

  /** @throws BadUserInput for more than 100 ids */
  read(ids: readonly string[]): Promise<AccountState[]> {
    if (ids.length > MAX_IDS) throw new BadUserInput({ ids: `At most ${MAX_IDS} ids.` });
    const known = [...new Set(ids.filter((id) => isUuid(id)).map((id) => id.toLowerCase()))];
    return this.database.transaction(async (tx) => {
      // The lock waits for nobody: whoever holds the row is changing the user, and may be waiting for authz.
      const settled = await tx.find(User, {
        select: { id: true },
        where: { id: In(known) },
        lock: { mode: 'pessimistic_read', onLocked: 'skip_locked' },
      });
      const unchanging = new Set(settled.map(({ id }) => id));
      return (await states(tx, known)).map((state) => ({ ...state, changing: !unchanging.has(state.id) }));
    });
  }
}

/** A statement of its own, so that it sees what was committed until the locks were taken. */
const states = (tx: EntityManager, ids: readonly string[]): Promise<Omit<AccountState, 'changing'>[]> =>
  tx.query(
    `SELECT users.id, users.status, memberships.id IS NOT NULL AS member,
       users.status = 'ACTIVE' AND email_verified
         AND (credentials.user_id IS NOT NULL OR EXISTS (SELECT FROM passkeys WHERE passkeys.user_id = users.id)
           OR EXISTS (SELECT FROM external_identities WHERE external_identities.user_id = users.id))
         AND memberships.status IS NOT DISTINCT FROM 'ACTIVE' AS "canSignIn"
     FROM users LEFT JOIN credentials ON credentials.user_id = users.id LEFT JOIN memberships ON memberships.user_id = users.id
     WHERE users.id = ANY($1)`,
    [ids],
  );
