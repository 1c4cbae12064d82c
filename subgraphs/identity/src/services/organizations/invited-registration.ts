import { emailVerified, userRegistered } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation, updateLocked } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import type { EntityManager } from 'typeorm';
import {
  AccountExists,
  AuthenticationMethod,
  InvalidToken,
  type Invitation,
  InvitationStatus,
  Membership,
  User,
} from '../../entities/index.js';
import { InputCheck, locale, newPassword, personName, randomUsername, username } from '../../entities/rules/index.js';
import type { Credentials } from '../credentials/index.js';
import { mapUniqueViolations } from '../map-unique-violations.js';
import type { PendingRegistrations } from '../pending-registrations.js';
import type { SignIn } from '../sign-in/sign-in.js';
import type { AccessTokens, TokenResponse } from '../tokens/index.js';
import type { Admission } from './admission.js';
import type { InvitationService } from './invitation.service.js';
import { assertInUse } from './invitation-links.js';

/** What an invited newcomer sends; the address is that of the invitation. */
export interface InvitedRegistrationInput {
  readonly token: string;
  readonly password: string;
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly locale?: string | null;
}

/** How an invited newcomer gets an account, a membership and a session at once. The link shows that its holder reads mails to the address. */
export class InvitedRegistration {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly invitations: InvitationService;
      readonly admission: Admission;
      readonly credentials: Credentials;
      readonly pending: PendingRegistrations;
      readonly signIn: SignIn;
      readonly access: AccessTokens;
    },
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidToken, AccountExists, BadUserInput, Conflict for a taken username, OrganizationSuspended, LimitReached, ServiceBusy, ServiceUnavailable */
  async register(input: InvitedRegistrationInput): Promise<TokenResponse> {
    const { links } = this.parts.invitations;
    const found = await links.by(this.database.read, input.token);
    if (!found || found.state(this.clock.now()) !== InvitationStatus.PENDING) throw new InvalidToken();
    const known = await this.database.read.findOneBy(User, { email: found.email });
    if (known && !known.isPending) throw new AccountExists();
    const { password, ...profile } = checked(input, found.email);
    const passwordHash = await this.parts.credentials.hash(password);
    const begun = await mapTaken(
      withTenant(found.organizationId, () =>
        this.database.transaction(async (tx) => {
          const user = await this.account(tx, found, profile);
          const invitation = await links.reread(tx, found, input);
          await assertInUse(tx, invitation);
          await this.parts.credentials.replace(tx, user.id, passwordHash);
          await this.join(tx, user, invitation);
          return this.parts.signIn.begin(tx, user, [AuthenticationMethod.EMAIL_LINK], {
            organizationId: invitation.organizationId,
          });
        }),
      ),
    );
    return this.parts.access.grant(begun.user, begun.session, begun.refreshToken);
  }

  /** The new account, or that which waited for a registration of the address to be confirmed; its row is locked. */
  private async account(tx: EntityManager, { email }: Invitation, profile: NewProfile): Promise<User> {
    const now = this.clock.now();
    const known = await tx.findOne(User, { where: { email }, lock: { mode: 'for_no_key_update' } });
    if (known && !known.isPending) throw new AccountExists();
    if (known) {
      await this.parts.pending.discard(tx, known.id);
      await updateLocked(tx, known, () => {
        known.change(profile, now);
        known.verifyEmail(now);
      });
      return known;
    }
    const user = User.create({ ...profile, email }, null, now);
    user.verifyEmail(now);
    await tx.insert(User, user);
    const about = { subject: user.id, actor: user.id, data: { userId: user.id } };
    await this.outbox.add(tx, userRegistered, about);
    await this.outbox.add(tx, emailVerified, about);
    return user;
  }

  private async join(tx: EntityManager, user: User, invitation: Invitation): Promise<void> {
    const { roleIds, invitedBy } = invitation;
    // Where everybody belongs to one organization, a registration of the address has made its account a member.
    await tx.delete(Membership, { userId: user.id });
    await this.parts.admission.admit(tx, { userId: user.id, roleIds, invitedBy, via: 'invitation' });
    await this.parts.invitations.accepted(tx, invitation);
  }
}

/** Another request has taken the address or the username. @throws AccountExists, Conflict */
const mapTaken = <T>(work: Promise<T>): Promise<T> =>
  mapUniqueViolations(
    work.catch((error) => {
      throw isUniqueViolation(error, 'users_email_key') ? new AccountExists() : error;
    }),
  );

type NewProfile = Omit<ReturnType<typeof checked>, 'password'>;

function checked(input: InvitedRegistrationInput, email: string) {
  const check = new InputCheck();
  const profile = {
    username: check.field('username', () => (input.username == null ? randomUsername() : username(input.username))),
    firstName: check.field('firstName', () => personName(input.firstName)),
    lastName: check.field('lastName', () => personName(input.lastName)),
    locale: check.field('locale', () => locale(input.locale)),
  };
  const password = check.field('password', () => newPassword(input.password, { ...profile, email }));
  check.finish();
  return { ...profile, password };
}
