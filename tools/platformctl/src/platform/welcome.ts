import type { Administrator } from './seed-administrator.js';

/** What a person sees once the platform is up: where it is, who may sign in, and a first query to paste. */
export function welcome(url: string, { email, generatedPassword }: Administrator): string {
  const query = '{ posts(first: 5) { nodes { title author { displayName } } } myPermissions }';
  return `
  The platform is ready.

    GraphQL and explorer   ${url}/graphql
    Mail that it sent      ${url}/dev/mailbox
    Health and metrics     ${url}/ready  ${url}/metrics

    First administrator    ${email}
    Password               ${generatedPassword ?? '(as given, or as printed when the account was made)'}

  A query to paste:

    curl ${url}/graphql -H 'content-type: application/json' \\
      -d '${JSON.stringify({ query })}'
`;
}
