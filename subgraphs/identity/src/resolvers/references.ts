import { validate as isUuid } from 'uuid';
import { User } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import { SessionView, UserView } from './types/index.js';

/** A user, for whoever knows the id. Others go on referring to users who are gone: those are known by their id alone, so that nobody's list breaks. */
async function resolveUser({ id }: { id: string }, { caller, loaders }: IdentityContext): Promise<UserView | null> {
  if (!isUuid(id)) return null;
  return UserView.for(caller, (await loaders.referredUsers.load(id)) ?? User.gone(id.toLowerCase()));
}

/** A session for its own user, as long as it is good: by this the router knows that a token still counts. */
async function resolveSession(
  { id }: { id: string },
  { caller, loaders }: IdentityContext,
): Promise<SessionView | null> {
  const session = await loaders.sessions.load(id);
  return session && new SessionView(session, caller);
}

/** Who answers for an entity by its key. */
export const references = { User: resolveUser, Session: resolveSession };
