import { expect } from '@jest/globals';
import type { Session } from './session.js';

const RECORD = 'mutation ($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { metadata } }';

/** Records an entry whose metadata are this JSON text. Answers the text of the response. */
async function recorded(url: string, { accessToken }: Session, metadata: string): Promise<string> {
  const input = `{"action":"shop.order.paid","resource":"order","metadata":${metadata}}`;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: `{"query":${JSON.stringify(RECORD)},"variables":{"input":${input}}}`,
  });
  return response.text();
}

/** Numbers in JSON of our own subgraphs are doubles: those that are doubles in any spelling are taken, all others refused, none changed. */
export async function expectNumbersUnchanged(url: string, session: Session): Promise<void> {
  expect(await recorded(url, session, '{"a":1.0,"b":[1e2,-0.50,9007199254740992]}')).toBe(
    '{"data":{"recordAuditEntry":{"metadata":{"a":1,"b":[100,-0.5,9007199254740992]}}}}',
  );
  for (const number of ['9007199254740993', '1e400', '0.1234567890123456789']) {
    const answer = await recorded(url, session, `{"list":[{"n":${number}}]}`);
    expect(answer).toContain('"code":"BAD_USER_INPUT"');
    expect(answer).toContain(number);

    const input = `{ action: "shop.order.paid", resource: "order", metadata: { list: [${number}] } }`;
    const { errors } = await session.client.request(`mutation { recordAuditEntry(input: ${input}) { metadata } }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(number),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', service: 'audit' },
    });
  }
}
