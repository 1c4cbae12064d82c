import { unrestricted } from '@platform/federation-engine';
import { ServiceUnavailable } from '@platform/foundation/errors';
import { type AuthorizationErrorFormatter, isAuthorizationError } from '../authorization-error-formatter.js';
import { type Policies, rightsOf } from '../policies/index.js';
import type { AroundStage } from '../stage.js';

/** What a refusal leads to: the refused parts are left out, the whole operation is refused, or nothing but a report. */
export type AuthorizationMode = 'filter' | 'reject' | 'report-only';

/** Applies the authorization directives before anything is planned. */
export const authorize =
  (
    mode: AuthorizationMode,
    policies: Policies,
    report: AuthorizationErrorFormatter,
  ): AroundStage<'engine' | 'caller' | 'claims' | 'operation' | 'variables', 'rights' | 'effectiveRights'> =>
  async ({ engine, caller, claims, operation, variables }, next) => {
    const rights = await rightsOf(policies, { caller, claims }, operation);
    if (mode === 'filter') return report.filtered(await next({ rights, effectiveRights: rights }));

    const missing = engine.authorizationErrors(operation, rights, variables);
    if (missing.length === 0) return next({ rights, effectiveRights: rights });
    const refusals = missing.filter(isAuthorizationError);
    if (mode === 'reject' && refusals.length === 0) throw new ServiceUnavailable(missing[0]?.message);
    if (mode === 'reject') return report.rejected(refusals);

    const answer = await next({ rights, effectiveRights: unrestricted });
    return refusals.length === 0 ? answer : report.only(refusals, answer);
  };
