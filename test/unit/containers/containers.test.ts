import { expect, test } from 'vitest';

import { readGraphGatewayConfig } from '@tributary/app/services/gateway/config';

import type { ComposeService } from './compose-file.ts';
import { environmentOf, lasting, networks, READERS, services } from './read-containers.ts';

// What containers there are, what they may do, and when they start and stop.

test('there is a container for every part, and nothing besides', () => {
  expect(Object.keys(services).sort()).toEqual(['postgres', ...Object.keys(READERS)].sort());
});

test.each(Object.entries(services))(
  'the container %s has no more rights than it needs',
  (_, service: ComposeService) => {
    const { user, read_only, cap_drop, cap_add, security_opt, privileged, deploy, image, stop_grace_period } = service;
    expect({ read_only, cap_drop, cap_add, security_opt, privileged }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      cap_add: undefined,
      security_opt: ['no-new-privileges:true'],
      privileged: undefined,
    });
    expect(user).toMatch(/^(node|postgres)$/);
    expect(deploy?.resources.limits).toEqual({
      cpus: expect.any(String) as string,
      memory: expect.any(String) as string,
      pids: expect.any(Number) as number,
    });
    if (!service.build) expect(image).toMatch(/^\w+:\d+\.\d+[\w.-]*$/);
    if (service.restart !== 'no') expect(stop_grace_period).toBeDefined();
  },
);

test('only the gateway and the page where payers confirm can be reached, and from this machine only', () => {
  const published = Object.entries(services).map(([name, { ports = [] }]) => [name, ports] as const);
  expect(Object.fromEntries(published.filter(([, ports]) => ports.length > 0))).toEqual({
    gateway: ['127.0.0.1:4000:4000'],
    'demo-gateway': ['127.0.0.1:4000:4000'],
    'demo-payment-provider': ['127.0.0.1:4004:4004'],
  });
});

test('only who has business outside can get there, and no gateway gets to the database', () => {
  for (const [name, { networks: joined }] of Object.entries(services)) {
    const isGateway = name.endsWith('gateway');
    const outward = isGateway ? ['edge'] : ['billing', 'demo-payment-provider'].includes(name) ? ['payments'] : [];
    expect([name, joined?.filter((network) => !networks[network]?.internal)]).toEqual([name, outward]);
    expect(joined?.includes('data')).toBe(!isGateway);
  }
});

test('whatever depends on another waits until it is healthy, or done, and never for a container of another profile', () => {
  for (const { depends_on: needs = {}, profiles } of Object.values(services))
    for (const [needed, { condition }] of Object.entries(needs)) {
      const other = services[needed]!;
      expect(condition).toBe(other.restart === 'no' ? 'service_completed_successfully' : 'service_healthy');
      if (condition === 'service_healthy') expect(other.healthcheck).toBeDefined();
      if (other.profiles) expect(other.profiles).toEqual(profiles);
    }
});

test('a container is given longer to stop than its process takes to drain', () => {
  for (const [name, { stop_grace_period: grace }] of lasting) {
    const { gateway } = readGraphGatewayConfig(environmentOf('demo-gateway')); // the defaults hold for both
    const otherDrainMs = 10_000; // of a subgraph; the payment provider takes less
    const drainMs = name.endsWith('gateway') ? gateway.drainDelayMs + gateway.drainTimeoutMs : otherDrainMs;
    expect(seconds(grace!) * 1000).toBeGreaterThanOrEqual(drainMs + 5_000);
  }
});

test('the health check asks the port that the process listens on', () => {
  for (const [, { environment, healthcheck }] of lasting)
    expect(healthcheck?.test).toEqual([
      ...['CMD', 'node', 'app/bin/check-ready.js', `http://127.0.0.1:${environment.PORT}`],
    ]);
});

function seconds(text: string): number {
  return Number(/^(\d+)s$/.exec(text)![1]);
}
