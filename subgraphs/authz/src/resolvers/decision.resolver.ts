import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Directive, ID, Query, Resolver } from 'type-graphql';
import type { DecisionService, Verdict } from '../services/index.js';
import { AuthorizeInput, Decision } from './types/decision-types.js';
import { GrantHolderConnection, holdersOf } from './types/grant-holder.js';

@Resolver()
export class DecisionResolver {
  constructor(private readonly decisions: DecisionService) {}

  @Query(() => Boolean, { nullable: true })
  @Directive(policy('authz.decision.read'))
  async hasPermission(
    @Arg('userId', () => ID) userId: string,
    @Arg('permission', () => String) permission: string,
  ): Promise<boolean> {
    return (await this.decisions.authorize(userId, permission)).allowed;
  }

  @Query(() => Decision, { nullable: true })
  @Directive(policy('authz.decision.read'))
  authorize(@Arg('input', () => AuthorizeInput) input: AuthorizeInput): Promise<Verdict> {
    return this.decisions.authorize(input.userId, input.permission, input);
  }

  @Query(() => GrantHolderConnection, {
    nullable: true,
    description: 'Who holds a permission, directly or through a role.',
  })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('authz.decision.read'))
  async whoCan(@Arg('permission', () => String) permission: string, @Args(() => PageArguments) args: PageArguments) {
    return holdersOf(await this.decisions.whoCan(permission, args), permission);
  }
}
