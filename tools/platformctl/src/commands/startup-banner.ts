import { type Seeding, undecided } from '@platform/runtime/seed-administrator';

/** What a person sees once the platform is up: where it is, who may sign in, and a first query to paste. */
export function welcome(url: string, seeding: Seeding): string {
  const query = '{ posts(first: 5) { nodes { title author { displayName } } } myPermissions }';
  return `
  The platform is ready.

    GraphQL and explorer   ${url}/graphql
    Mail that it sent      ${url}/dev/mailbox
    Health and metrics     ${url}/ready  ${url}/metrics

${administrator(seeding)}

  A query to paste:

    curl ${url}/graphql -H 'content-type: application/json' \\
      -d '${JSON.stringify({ query })}'
`;
}

function administrator(seeding: Seeding): string {
  switch (seeding.outcome) {
    case 'made':
      return `    First administrator    ${seeding.email}
    Password               ${seeding.generatedPassword ?? '(as given)'}`;
    case 'present':
      return `    Administrators         as before; ./platformctl users list --administrators
    Forgot the password?   ./platformctl users reset-password WHO`;
    case 'undecided':
      return `    ${undecided(seeding.email)}`;
    default:
      return seeding satisfies never;
  }
}
