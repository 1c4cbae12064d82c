import type { IdentityContext } from '../loaders/index.js';
import { SessionView, UserView } from './types/index.js';

/** A user, for whoever knows the id. */
export async function resolveUser(
  { id }: { id: string },
  { caller, loaders }: IdentityContext,
): Promise<UserView | null> {
  const user = await loaders.users.load(id);
  return user && UserView.for(caller, user);
}

/** A session for its own user, as long as it is good: by this the router knows that a token still counts. */
export async function resolveSession(
  { id }: { id: string },
  { caller, loaders }: IdentityContext,
): Promise<SessionView | null> {
  const session = await loaders.sessions.load(id);
  return session && new SessionView(session, caller);
}
