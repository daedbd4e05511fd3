import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { installPeers } from './install-peers.ts';
import type { PeerName } from './options.ts';
import { GATEWAY_CORE, startCommand, startProcess } from './processes.ts';
import type { BenchProcess } from './processes.ts';

// How each gateway is started: ours and stock by files of this folder, the others by the command they bring.

/** Resolves when the gateway answers. */
export async function startPeer(
  name: PeerName,
  { supergraphFile, profiled, report }: { supergraphFile: string; profiled: boolean; report: (line: string) => void },
): Promise<BenchProcess> {
  switch (name) {
    case 'stock':
    case 'ours': {
      const nodeArgs = profiled ? ['--import', join(import.meta.dirname, 'profiler.ts')] : [];
      return startProcess(GATEWAY_CORE, join(import.meta.dirname, `${name}.ts`), { args: [supergraphFile], nodeArgs });
    }
    case 'hive':
    case 'hive-router-runtime':
      return startHive(name, { supergraphFile, directory: await installPeers(report) });
  }
}

async function startHive(
  name: 'hive' | 'hive-router-runtime',
  { supergraphFile, directory }: { supergraphFile: string; directory: string },
): Promise<BenchProcess> {
  const command = join(directory, 'node_modules/@graphql-hive/gateway/dist/bin.js');
  const port = await freePort(); // asked for any port, it listens, but does not tell where
  const address = ['--host', '127.0.0.1', '--port', String(port)];
  const config = join(directory, `${name}.config.js`);
  return startCommand(
    GATEWAY_CORE,
    [process.execPath, command, 'supergraph', supergraphFile, '-c', config, ...address],
    {
      url: `http://127.0.0.1:${port}/graphql`,
      readyLine: `Listening on http://127.0.0.1:${port}`,
      directory,
    },
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
