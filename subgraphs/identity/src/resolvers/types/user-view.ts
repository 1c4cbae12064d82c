import { connectionOf } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { type User, UserStatus } from '../../entities/index.js';
import type { IdentityContext } from '../../loaders/index.js';

registerEnumType(UserStatus, { name: 'UserStatus' });

/** A user as one viewer may see them: what is private is null for others, without an error. */
@ObjectType('User')
@Directive('@key(fields: "id")')
export class UserView {
  /** @param whole whether the viewer may see what is private; asked only when something private is read, since it may not be decidable. */
  constructor(
    private readonly user: User,
    readonly whole: () => boolean | Promise<boolean>,
    /** Whether the viewer is the user. */
    readonly own = false,
  ) {}

  /** As the users see themselves. */
  static own(user: User): UserView {
    return new UserView(user, () => true, true);
  }

  /** As the caller may see them: their own account, those of their organization's members, or every one. */
  static for({ caller: { userId, permissions }, loaders }: IdentityContext, user: User): UserView {
    return new UserView(
      user,
      () => {
        if (userId === user.id || permissions.has('identity.user.read_all')) return true;
        return permissions.has('identity.user.read') && loaders.isMember(user.id);
      },
      userId === user.id,
    );
  }

  @Field(() => ID)
  get id(): string {
    return this.user.id;
  }

  @Field(() => String)
  get username(): string {
    return this.user.username;
  }

  @Field(() => String, { description: 'First and last name where given, else the username.' })
  get displayName(): string {
    return this.user.displayName;
  }

  @Field(() => Date)
  get createdAt(): Date {
    return this.user.createdAt;
  }

  @Field(() => String, {
    nullable: true,
    description:
      'This and what follows: the user themself and holders of identity.user.read; null for others, without an error.',
  })
  email(): Promise<string | null> {
    return this.private('email');
  }

  @Field(() => Boolean, { nullable: true })
  emailVerified(): Promise<boolean | null> {
    return this.private('emailVerified');
  }

  @Field(() => String, { nullable: true })
  firstName(): Promise<string | null> {
    return this.private('firstName');
  }

  @Field(() => String, { nullable: true })
  lastName(): Promise<string | null> {
    return this.private('lastName');
  }

  @Field(() => String, { nullable: true })
  locale(): Promise<string | null> {
    return this.private('locale');
  }

  @Field(() => UserStatus, { nullable: true })
  status(): Promise<UserStatus | null> {
    return this.private('status');
  }

  @Field(() => Date, {
    nullable: true,
    description: 'When a session last began; the user themself and holders of identity.user.read.',
  })
  lastLoginAt(): Promise<Date | null> {
    return this.private('lastLoginAt');
  }

  @Field(() => Date, { nullable: true })
  updatedAt(): Promise<Date | null> {
    return this.private('updatedAt');
  }

  private async private<K extends keyof User>(field: K): Promise<User[K] | null> {
    return (await this.whole()) ? this.user[field] : null;
  }
}

/** A page of users. */
export const UserConnection = connectionOf(UserView, 'User');

export type UserConnection = InstanceType<typeof UserConnection>;
