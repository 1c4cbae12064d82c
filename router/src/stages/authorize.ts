import type { Caller } from '@platform/kernel/auth';
import type { Engine, Rights } from '../engine/index.js';
import { required, type Stage } from '../operation.js';

/** Takes out of the operation what the caller may not have, before anything is planned. */
export const authorize =
  (engine: Engine): Stage =>
  (context, next) => {
    const rights = rightsOf(required(context, 'caller'), required(context, 'scopes'));
    context.authorized = engine.authorize(required(context, 'operation'), rights);
    return next();
  };

/** A policy is a permission code: it is true for a caller who holds it. */
const rightsOf = (caller: Caller, scopes: ReadonlySet<string>): Rights => ({
  authenticated: caller.kind !== 'anonymous',
  scopes,
  policies: caller.permissions,
});
