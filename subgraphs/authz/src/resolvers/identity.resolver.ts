import { Arg, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import type { SubjectService, TargetGuard } from '../services/index.js';

/** What identity asks before it changes a user, and tells afterwards. Not part of the public schema. */
@Resolver()
export class IdentityResolver {
  constructor(
    private readonly guard: TargetGuard,
    private readonly subjects: SubjectService,
  ) {}

  @Query(() => Boolean, {
    description: 'Whether the caller may change the user now; the user is known to identity. True, or a coded error.',
  })
  @Directive('@inaccessible')
  async mayChangeUser(
    @Arg('userId', () => ID) userId: string,
    @Arg('endsSignIn', () => Boolean, { description: 'Whether the user cannot sign in any more afterwards.' })
    endsSignIn: boolean,
    @Arg('organizationIds', () => [ID], {
      description: 'The organizations in which they act now, and cannot any more then.',
    })
    organizationIds: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<boolean> {
    await this.guard.mayChange(caller, userId, { endsSignIn, organizationIds });
    return true;
  }

  @Query(() => Boolean, {
    description: 'Reads again what identity has committed about the user, so that no answer afterwards is older.',
  })
  @Directive('@inaccessible')
  async refreshUserState(@Arg('userId', () => ID) userId: string): Promise<boolean> {
    await this.subjects.refresh(userId);
    return true;
  }
}
