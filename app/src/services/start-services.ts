import { exportJWK, generateKeyPair } from 'jose';

import { formatFieldKeys } from '@tributary/kit/field-encryption';
import { startWith } from '@tributary/kit/lifecycle';

import { prepareCompanyDatabase, unlessAborted } from '../company-database.ts';
import { localUrl, probeListenAddress } from '../listen-address.ts';
import { assertDataDirectoryIsFree } from '../postgres/index.ts';
import type { Running, StartDependencies } from '../run-app.ts';
import { loadDevelopmentKey, loadFieldKeys, loadKeys, loadPaymentSecrets } from '../secrets/secrets.ts';
import { portSetting } from './config.ts';
import type { ServicesConfig } from './config.ts';
import { startDatabaseGuard } from './database-guard.ts';
import { describeProcesses } from './processes.ts';
import type { ProcessFacts } from './processes.ts';
import { superviseProcess } from './supervise.ts';

/**
 * Prepares the database as the all-in-one process does, then runs one process per subgraph and one for the gateway. Ready when it
 * resolves. `stop()` ends them in order: the gateway drains, then the subgraphs, then the database stops. `describe` tells which
 * processes there are; fault tests put others in their place.
 */
export function startServices(
  config: ServicesConfig,
  deps: StartDependencies,
  describe = describeProcesses,
): Promise<Running> {
  const { logger, signal } = deps;
  const { surroundings } = config;
  return startWith(async (stack) => {
    signal.throwIfAborted();
    const embedded = config.databaseUrl === undefined;
    if (embedded) await assertDataDirectoryIsFree(config.dataDir);
    const ports = await probePorts(config);
    if (embedded) stack.use(startDatabaseGuard(config.dataDir, { LOG_LEVEL: config.logLevel, ...surroundings }));
    const database = stack.use(await prepareCompanyDatabase(config, deps));
    const keys = await makeKeys(config);
    signal.throwIfAborted();

    const processes = describe({ config, ports, databaseUrls: database.urls, keys });
    const running = processes.map((each) => stack.use(superviseProcess(each, { logger, surroundings })));
    await unlessAborted(Promise.all(running.map(({ ready }) => ready)), signal);
    return {
      url: localUrl({ host: config.gateway.host, port: ports.gateway }),
      failure: Promise.race(running.map(({ failure }) => failure)),
      stop: () => stack.stop(),
    };
  });
}

/** Finds out before the long part of the start whether all ports can be had. */
async function probePorts({ gateway, ports }: ServicesConfig): Promise<ProcessFacts['ports']> {
  const command = 'npm run start:services';
  const found: [string, number][] = [['gateway', await probeListenAddress(gateway, { setting: 'PORT', command })]];
  for (const [name, port] of Object.entries(ports)) {
    const advice = { setting: portSetting(name), command };
    found.push([name, await probeListenAddress({ host: '127.0.0.1', port }, advice)]);
  }
  return Object.fromEntries(found) as ProcessFacts['ports'];
}

async function makeKeys(config: ServicesConfig): Promise<ProcessFacts['keys']> {
  const { cursorKey, linkKey } = await loadKeys(config);
  // Made anew each time: the processes of one supervisor are all that ever see such a token.
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { developmentAudience, developmentProvider, dataDir } = config;
  const issuerKey = developmentAudience === undefined ? undefined : await loadDevelopmentKey(dataDir);
  return {
    cursorKey: Buffer.from(cursorKey).toString('base64url'),
    linkKey: Buffer.from(linkKey).toString('base64url'),
    fieldKeys: formatFieldKeys(await loadFieldKeys(config)),
    internalTokenPrivateKey: JSON.stringify(await exportJWK(privateKey)),
    internalTokenPublicKey: JSON.stringify(await exportJWK(publicKey)),
    developmentIssuerKey: issuerKey && JSON.stringify(issuerKey),
    payments: developmentProvider && (await loadPaymentSecrets(dataDir)),
  };
}
