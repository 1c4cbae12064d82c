import type { Caller } from '@platform/auth';
import { connectionOf } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { type User, UserStatus } from '../../entities/index.js';

registerEnumType(UserStatus, { name: 'UserStatus' });

/** A user as one viewer may see them: what is private is null for others, without an error. */
@ObjectType('User')
@Directive('@key(fields: "id")')
export class UserView {
  /** @param whole whether the viewer may see what is private; asked only when something private is read, since it may not be decidable. */
  constructor(
    private readonly user: User,
    private readonly whole: () => boolean,
  ) {}

  /** As the users see themselves. */
  static own(user: User): UserView {
    return new UserView(user, () => true);
  }

  /** As the caller may see them. */
  static for({ userId, permissions }: Caller, user: User): UserView {
    return new UserView(user, () => userId === user.id || permissions.has('identity.user.read'));
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
  get email(): string | null {
    return this.private('email');
  }

  @Field(() => Boolean, { nullable: true })
  get emailVerified(): boolean | null {
    return this.private('emailVerified');
  }

  @Field(() => String, { nullable: true })
  get firstName(): string | null {
    return this.private('firstName');
  }

  @Field(() => String, { nullable: true })
  get lastName(): string | null {
    return this.private('lastName');
  }

  @Field(() => String, { nullable: true })
  get locale(): string | null {
    return this.private('locale');
  }

  @Field(() => UserStatus, { nullable: true })
  get status(): UserStatus | null {
    return this.private('status');
  }

  @Field(() => Date, { nullable: true })
  get updatedAt(): Date | null {
    return this.private('updatedAt');
  }

  private private<K extends keyof User>(field: K): User[K] | null {
    return this.whole() ? this.user[field] : null;
  }
}

/** A page of users. */
export const UserConnection = connectionOf(UserView, 'User');

export type UserConnection = InstanceType<typeof UserConnection>;
