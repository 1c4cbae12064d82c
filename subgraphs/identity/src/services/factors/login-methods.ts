import type { EntityManager } from 'typeorm';
import { AuthenticationMethod } from '../../entities/index.js';

/** How one account can be signed in to. */
export interface LoginMethods {
  readonly password: boolean;
}

export async function loginMethodsOf(manager: EntityManager, userId: string): Promise<LoginMethods> {
  const [methods]: [LoginMethods] = await manager.query(
    'SELECT EXISTS (SELECT FROM credentials WHERE user_id = $1) AS password',
    [userId],
  );
  return methods;
}

/** By what a session of the account can prove its user again. */
export const proofsOf = ({ password }: LoginMethods): AuthenticationMethod[] =>
  password ? [AuthenticationMethod.PASSWORD] : [];
