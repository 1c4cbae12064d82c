import { externalIdentityLinked, externalIdentityUnlinked } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { AccountMails } from '../services/account-mails.js';
import type { ExternalProviders } from '../services/external/index.js';

const nameOf = (providers: Pick<ExternalProviders, 'find'>, id: string): string =>
  providers.find(id)?.displayName ?? id;

/** Owners hear of a new way into their account, in case it was not them; whoever has just registered knows. */
export const notifyOwnerWhenProviderLinked = (
  mails: AccountMails,
  providers: Pick<ExternalProviders, 'find'>,
): EventHandler =>
  onEvent('identity.tell-provider-linked', externalIdentityLinked, async ({ data: { userId, provider, by } }, tx) => {
    if (by !== 'registration') await mails.tellProviderChanged(tx, userId, nameOf(providers, provider), true);
  });

/** Owners hear of a way less. */
export const notifyOwnerWhenProviderUnlinked = (
  mails: AccountMails,
  providers: Pick<ExternalProviders, 'find'>,
): EventHandler =>
  onEvent('identity.tell-provider-unlinked', externalIdentityUnlinked, ({ data: { userId, provider } }, tx) =>
    mails.tellProviderChanged(tx, userId, nameOf(providers, provider), false),
  );
