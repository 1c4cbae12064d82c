const FIELDS = `
  id sequence actor { id } serviceAccount { id } action resource resourceId outcome ipAddress userAgent requestId traceId tenantId metadata
  occurredAt recordedAt leafHash sealed erased
`;

export const ENTRY = `query ($id: ID!) { auditEntry(id: $id) { ${FIELDS} } }`;
export const ENTRIES = `query ($filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
  auditEntries(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { ${FIELDS} }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;
export const RECORD = `mutation ($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { ${FIELDS} } }`;
