import { describe, expect, it } from '@jest/globals';
import { Health, type HealthCheck } from '@platform/foundation/health';
import { Metrics } from '@platform/foundation/metrics';

const check = (name: string, severity: HealthCheck['severity'], reason?: string): HealthCheck => ({
  name,
  severity,
  check: async () => {
    if (reason) throw new Error(reason);
  },
});

describe('Health', () => {
  it('is ready when every check succeeds', async () => {
    const report = await new Health().add(check('database', 'hard')).add(check('redis', 'soft')).report();
    expect(report).toMatchObject({ status: 'ready', checks: { database: { status: 'ok' }, redis: { status: 'ok' } } });
  });

  it('is degraded, not unavailable, when a soft check fails, and sets its gauge', async () => {
    const metrics = new Metrics();
    const health = new Health({ metrics }).add(check('database', 'hard')).add(check('redis', 'soft', 'away'));
    expect(await health.report()).toMatchObject({
      status: 'degraded',
      checks: { redis: { status: 'failed', reason: 'away' } },
    });
    const text = await metrics.registry.metrics();
    expect(text).toContain('platform_health_check_up{check="redis"} 0');
    expect(text).toContain('platform_health_check_up{check="database"} 1');
  });

  it('is unavailable when a hard check fails', async () => {
    const report = await new Health()
      .add(check('database', 'hard', 'away'))
      .add(check('redis', 'soft', 'away'))
      .report();
    expect(report.status).toBe('unavailable');
  });

  it('gives up on a check that does not answer, and still hears the others', async () => {
    const hanging: HealthCheck = { name: 'disk', severity: 'soft', check: () => new Promise(() => undefined) };
    const report = await new Health({ timeoutMs: 20 }).add(hanging).add(check('database', 'hard')).report();
    expect(report).toMatchObject({
      status: 'degraded',
      checks: { disk: { reason: 'no answer within 20 ms' }, database: { status: 'ok' } },
    });
  });

  it('counts a check that throws at once as failed', async () => {
    const broken: HealthCheck = {
      name: 'broken',
      severity: 'hard',
      check: () => {
        throw new Error('broken');
      },
    };
    expect((await new Health().add(broken).report()).status).toBe('unavailable');
  });

  it('shows reasons without the password of a connection string', async () => {
    const health = new Health().add(check('database', 'hard', 'cannot reach postgres://owner:hunter2@db/platform'));
    expect((await health.report()).checks.database?.reason).toBe(
      'cannot reach postgres://owner:[redacted]@db/platform',
    );
  });

  it('asks once for probes that come together, and again for later ones', async () => {
    let asked = 0;
    const counting: HealthCheck = { name: 'counting', severity: 'soft', check: async () => void asked++ };
    const health = new Health().add(counting);
    await Promise.all([health.report(), health.report()]);
    expect(asked).toBe(1);
    await health.report();
    expect(asked).toBe(2);
  });

  it('refuses two checks of one name', () => {
    expect(() => new Health().add(check('redis', 'soft')).add(check('redis', 'hard'))).toThrow('redis');
  });
});
