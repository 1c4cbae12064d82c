import { connectionOf, DateTime } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { type Invitation, InvitationStatus } from '../../entities/index.js';

registerEnumType(InvitationStatus, {
  name: 'InvitationStatus',
  description: 'State of an invitation.',
  valuesConfig: {
    PENDING: { description: 'Can be accepted.' },
    ACCEPTED: { description: 'The user has joined.' },
    DECLINED: { description: 'The invited user does not want to join.' },
    REVOKED: { description: 'Taken back by the organization.' },
    EXPIRED: { description: 'Too old; resendInvitation makes it pending again.' },
  },
});

/** A role of an organization; authz owns it. */
@ObjectType('Role', { description: 'A role of an organization; owned by authz.' })
@Directive('@key(fields: "id", resolvable: false)')
export class RoleReference {
  constructor(id: string) {
    this.id = id;
  }

  @Field(() => ID)
  readonly id: string;
}

/** An invitation as the invited person sees it, and who may know of it in its organization. */
@ObjectType('Invitation', {
  description:
    'An invitation of an address to an organization; the invited user sees it, and holders of identity.invitation.read.',
})
@Directive('@key(fields: "id")')
export class InvitationView {
  constructor(
    readonly invitation: Invitation,
    private readonly now: Date,
  ) {}

  @Field(() => ID, { description: 'Opaque id; no secret.' })
  get id(): string {
    return this.invitation.id;
  }

  @Field(() => String, { description: 'Address that can accept it.' })
  get email(): string {
    return this.invitation.email;
  }

  @Field(() => InvitationStatus)
  get status(): InvitationStatus {
    return this.invitation.state(this.now);
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return this.invitation.createdAt;
  }

  @Field(() => DateTime, { description: 'When a link was last mailed.' })
  get sentAt(): Date {
    return this.invitation.sentAt;
  }

  @Field(() => DateTime, { description: 'When it expires, 7 days after it was last mailed.' })
  get expiresAt(): Date {
    return this.invitation.expiresAt;
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was accepted, declined or revoked; null before.',
  })
  get closedAt(): Date | null {
    return this.invitation.closedAt;
  }
}

/** A page of invitations. */
export const InvitationConnection = connectionOf(InvitationView, 'Invitation');

export type InvitationConnection = InstanceType<typeof InvitationConnection>;

/** What the holder of a link sees of its invitation. */
@ObjectType({ description: 'What the holder of an invitation link sees.' })
export class InvitationPreview {
  @Field(() => String)
  organizationName!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Display name of who invited; null when their account is deleted.',
  })
  inviterName!: string | null;

  @Field(() => String, { description: 'Address that can accept it.' })
  email!: string;

  @Field(() => [String], { description: 'Names of the roles that the member gets.' })
  roleNames!: string[];

  @Field(() => InvitationStatus)
  status!: InvitationStatus;

  @Field(() => DateTime)
  expiresAt!: Date;

  @Field(() => Boolean, {
    description: 'Whether the address has an account: then sign in and acceptInvitation, else registerWithInvitation.',
  })
  hasAccount!: boolean;
}
