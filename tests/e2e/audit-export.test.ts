import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

describe('an export of the audit log, in the embedded platform', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('is asked for through the router and fetched from its signed address, until its user signs out', async () => {
    const { client, refreshToken } = await platform.signInAsAdministrator();
    const { exportAuditEntries } = await client.data('mutation { exportAuditEntries(format: JSONL) { jobId } }');
    const url = await eventually(async () => {
      const { auditExport } = await client.data('query ($id: ID!) { auditExport(jobId: $id) { download { url } } }', {
        id: exportAuditEntries.jobId,
      });
      return new URL(auditExport.download.url);
    });
    const here = `${platform.url}${url.pathname}${url.search}`;

    const response = await fetch(here);
    expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect((await response.text()).split('\n')[0]).toMatch(/^\{"checkpoint":/);

    await client.data('mutation ($token: String!) { logout(refreshToken: $token) }', { token: refreshToken });
    expect((await fetch(here)).status).toBe(404);
  });
});
