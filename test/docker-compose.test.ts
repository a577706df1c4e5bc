/** The compose file, as far as it can be held without a Docker engine. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck: Readonly<Record<string, unknown>>;
}

interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly name: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const file = parse(readFileSync('docker-compose.localstack.yml', 'utf8')) as ComposeFile;
const services = Object.entries(file.services);

it('has LocalStack, in the last release that starts without a token, and ClickHouse', () => {
  expect(Object.keys(file)).toEqual(['name', 'services', 'networks', 'volumes']);
  expect(services.map(([name, { image }]) => [name, image])).toEqual([
    ['localstack', 'localstack/localstack:4.14.0'],
    ['clickhouse', 'clickhouse/clickhouse-server:26.8.20.9'],
  ]);
});

it.each(services)(
  '%s has a health check that ends, and is reached from this machine only',
  (_, service) => {
    expect(service.healthcheck).toMatchObject({
      test: expect.arrayContaining(['CMD']),
      interval: expect.stringMatching(/^\d+s$/),
      timeout: expect.stringMatching(/^\d+s$/),
      retries: expect.any(Number),
      start_period: expect.stringMatching(/^\d+s$/),
    });
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{\w+:-\d+\}:\d+$/);
  },
);

it('names only volumes and networks that it declares', () => {
  const volumes = services.flatMap(([, service]) =>
    service.volumes.map((one) => one.split(':')[0]),
  );
  expect(volumes.filter((name) => name?.startsWith('/') !== true).toSorted()).toEqual(
    Object.keys(file.volumes).toSorted(),
  );
  expect(new Set(services.flatMap(([, { networks }]) => networks))).toEqual(
    new Set(Object.keys(file.networks)),
  );
});

it('lets functions run in containers, on any processor, where they can reach ClickHouse', () => {
  const { localstack } = file.services;
  expect(localstack?.volumes).toContain('/var/run/docker.sock:/var/run/docker.sock');
  expect(localstack?.environment).toMatchObject({
    LAMBDA_IGNORE_ARCHITECTURE: '1',
    LAMBDA_DOCKER_NETWORK: file.networks['kalcifer-local']?.name,
  });
});
