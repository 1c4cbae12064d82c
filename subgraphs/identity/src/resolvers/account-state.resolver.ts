import { Arg, Directive, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { UserStatus } from '../entities/index.js';
import type { AccountState, AccountStates } from '../services/account-states.js';

/** An account as authz needs to know it. Not part of the public schema. */
@ObjectType('AccountState')
@Directive('@inaccessible')
class AccountStateView implements AccountState {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => UserStatus)
  readonly status!: UserStatus;

  @Field(() => Boolean, {
    description:
      'Active, verified, with a password, a passkey or a linked account at a provider, and an active member of the organization that is acted for.',
  })
  readonly canSignIn!: boolean;

  @Field(() => Boolean, { description: 'Whether it belongs to that organization, suspended or not.' })
  readonly member!: boolean;

  @Field(() => Boolean, { description: 'Whether a transaction is about to change the account.' })
  readonly changing!: boolean;
}

/** What the platform's own processes ask about accounts. */
@Resolver()
export class AccountStateResolver {
  constructor(private readonly states: AccountStates) {}

  @Query(() => [AccountStateView], { description: 'The states of up to 100 accounts; unknown ones are left out.' })
  @Directive('@inaccessible')
  accountStates(@Arg('ids', () => [ID]) ids: string[]): Promise<AccountState[]> {
    return this.states.read(ids);
  }
}
