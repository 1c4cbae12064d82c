import { Field, ID, InputType } from 'type-graphql';
import { InvitationStatus, MembershipStatus, OrganizationStatus } from '../../entities/index.js';

/** Which organizations to list. */
@InputType('OrganizationFilter', { description: 'Narrows organizations; all conditions must hold.' })
export class OrganizationFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of name or slug, at least 2 characters.' })
  search?: string | null;

  @Field(() => OrganizationStatus, { nullable: true })
  status?: OrganizationStatus | null;
}

/** Which members to list. */
@InputType('MemberFilter', { description: 'Narrows members; all conditions must hold.' })
export class MemberFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'Part of username, name or, for holders of identity.user.read, address; at least 2 characters.',
  })
  search?: string | null;

  @Field(() => MembershipStatus, { nullable: true })
  status?: MembershipStatus | null;
}

/** Which invitations to list. */
@InputType('InvitationFilter', { description: 'Narrows invitations; all conditions must hold.' })
export class InvitationFilterInput {
  @Field(() => InvitationStatus, { nullable: true })
  status?: InvitationStatus | null;

  @Field(() => String, { nullable: true, description: 'Part of the address, at least 2 characters.' })
  email?: string | null;
}

/** Arguments of `createOrganization`. */
@InputType()
export class CreateOrganizationInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: '3 to 50 lower-case letters, digits and single hyphens; made from the name without it.',
  })
  slug?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Address invited as administrator instead of the caller; holders of identity.organization.manage only.',
  })
  ownerEmail?: string | null;
}

/** Arguments of `updateOrganization`: what is left out stays. */
@InputType()
export class UpdateOrganizationInput {
  @Field(() => String, { nullable: true, description: '1 to 100 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: '3 to 50 lower-case letters, digits and single hyphens.' })
  slug?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether members need a second factor; the caller must have one to turn it on.',
  })
  mfaRequired?: boolean | null;
}

/** Arguments of `inviteMember`. */
@InputType()
export class InviteMemberInput {
  @Field(() => String, { description: 'Address to invite, at most 254 characters.' })
  email!: string;

  @Field(() => [ID], {
    nullable: true,
    defaultValue: [],
    description: 'Roles of the active organization whose permissions the caller holds; the role user without it.',
  })
  roleIds?: string[] | null;
}

/** Arguments of `acceptInvitation` and `declineInvitation`. */
@InputType({ description: 'One invitation: its id or its token, not both.' })
export class InvitationAnswerInput {
  @Field(() => ID, { nullable: true, description: 'Id from myInvitations.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Token from the mailed link.' })
  token?: string | null;
}
