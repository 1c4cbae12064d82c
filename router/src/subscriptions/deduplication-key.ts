import { createHash } from 'node:crypto';
import type { SubscriptionPrincipal, SubscriptionRequest } from './subscription-request.js';

/** Claims that differ from token to token of the same caller, and say nothing about what they may do. */
const OF_THE_TOKEN = new Set(['exp', 'iat', 'nbf', 'jti']);

/** Equal for subscriptions whose results cannot differ: the same operation and variables, on behalf of the same session with the same rights. */
export function deduplicationKey(
  { engine, operation, variables, overrides, claims, organization, headers }: SubscriptionRequest,
  { caller, rights }: SubscriptionPrincipal,
): string {
  const { kind, userId, sessionId, apiKeyId, serviceAccountId, tenantId } = caller;
  const who = [kind, userId, sessionId, apiKeyId, serviceAccountId, tenantId, organization];
  const says = Object.entries(claims?.payload ?? {}).filter(([claim]) => !OF_THE_TOKEN.has(claim));
  const labels = engine.supergraph.overrideLabels.filter(overrides);
  const may = [...rights.scopes].sort();
  const hash = createHash('sha256');
  hash.update(JSON.stringify([identityOf(operation), variables, labels, who, says.sort(), headers, may]));
  for (const policy of [...rights.policies].sort()) hash.update(policy).update('\0');
  for (const policy of [...(rights.undecided ?? [])].sort()) hash.update('?').update(policy).update('\0');
  return hash.digest('base64');
}

let operations = 0;
const numbers = new WeakMap<object, number>();

/** An engine keeps one object per operation of a document: its identity stands for the text, and for the engine. */
function identityOf(operation: object): number {
  const known = numbers.get(operation);
  if (known !== undefined) return known;
  operations += 1;
  numbers.set(operation, operations);
  return operations;
}
