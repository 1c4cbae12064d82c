import { unrestricted } from '@platform/federation-engine';
import { ServiceUnavailable } from '@platform/foundation/errors';
import { type AuthorizationErrorFormatter, isAuthorizationError } from '../authorization-error-formatter.js';
import { required, type Stage } from '../operation.js';
import { type Policies, rightsOf } from '../policies/index.js';

/** What a refusal leads to: the refused parts are left out, the whole operation is refused, or nothing but a report. */
export type AuthorizationMode = 'filter' | 'reject' | 'report-only';

/** Applies the authorization directives before anything is planned. */
export const authorize =
  (mode: AuthorizationMode, policies: Policies, report: AuthorizationErrorFormatter): Stage =>
  async (context, next) => {
    const engine = required(context, 'engine');
    const operation = required(context, 'operation');
    const variables = required(context, 'variables');
    const bearer = { caller: required(context, 'caller'), claims: context.claims ?? null };
    const rights = await rightsOf(policies, bearer, operation);
    context.rights = rights;
    context.effectiveRights = rights;
    if (mode === 'filter') return report.filtered(await next());

    const missing = engine.authorizationErrors(operation, rights, variables);
    if (missing.length === 0) return next();
    const refusals = missing.filter(isAuthorizationError);
    if (mode === 'reject' && refusals.length === 0) throw new ServiceUnavailable(missing[0]?.message);
    if (mode === 'reject') return report.rejected(refusals);

    context.effectiveRights = unrestricted;
    return refusals.length === 0 ? next() : report.only(refusals, await next());
  };
