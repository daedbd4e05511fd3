import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { probeListenAddress } from '@tributary/app/listen-address';
import { startEmbeddedPostgres } from '@tributary/app/postgres/index';
import { startWith } from '@tributary/kit/lifecycle';
import { createLogger } from '@tributary/kit/logger';

import { readComposeFile } from '../../unit/containers/compose-file.ts';
import type { ComposeService } from '../../unit/containers/compose-file.ts';
import { containerSettings } from '../../unit/containers/container-settings.ts';

// What Compose would do with the demo profile, as processes on this machine: the same commands with the same variables, in the same
// order, waiting for the same health checks. Only addresses differ.

export interface ContainerStack extends AsyncDisposable {
  /** Base URL of the gateway. */
  url: string;
  /** Exit code of the health check before the process was started, of each that has one. */
  healthBefore: Readonly<Record<string, number | null>>;
  /** Exit code of a health check now. */
  health(name: string): Promise<number | null>;
  /** SIGTERM, as Compose stops a container. Resolves with the exit code. */
  stop(name: string): Promise<number | null>;
}

export interface ContainerStackOptions {
  /** Folder that stands for the working directory of the image. */
  root: string;
  /** Where the database may live. */
  dataDir: string;
  /** Where compiled code is kept, to save time. */
  compileCache?: string;
}

/** Ready when every health check is content. Rejects when one of the commands fails. */
export function startContainerStack({ root, dataDir, compileCache }: ContainerStackOptions): Promise<ContainerStack> {
  return startWith(async (stack) => {
    const logger = createLogger({ level: 'error', name: 'test-postgres' });
    const { adminUrl } = stack.use(await startEmbeddedPostgres({ dataDir, logger }));
    const server = new URL(adminUrl);
    const { services } = readComposeFile({ ...(await containerSettings('demo')), POSTGRES_PASSWORD: server.password });
    const names = Object.keys(services).filter((name) => name !== 'postgres' && isStarted(services[name]!));
    const ports = new Map<string, number>();
    for (const name of names.filter((each) => services[each]!.environment.PORT))
      ports.set(name, await probeListenAddress({ host: '127.0.0.1', port: 0 }));

    /** The addresses of containers, as those of this machine. */
    const localized = (text: string) => {
      let local = text.replace('@postgres:5432/', `@${server.host}/`).replace(/^0\.0\.0\.0$/, '127.0.0.1');
      for (const [name, port] of ports) {
        const own = services[name]!.environment.PORT!;
        local = local.replace(`http://${name}:${own}`, `http://127.0.0.1:${port}`);
        if (local === own || local === `http://127.0.0.1:${own}`) local = local.replace(own, String(port));
      }
      return local;
    };
    const run = (command: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess => {
      const variables = Object.entries(environment).map(([name, value]) => [name, localized(value)]);
      if (command[0] !== 'node') throw new Error(`The command ${command.join(' ')} does not start with node.`);
      return spawn(process.execPath, command.slice(1).map(localized), {
        cwd: root,
        env: {
          NODE_ENV: 'production',
          ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }),
          ...Object.fromEntries(variables),
        } as NodeJS.ProcessEnv,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    };
    const health = async (name: string) => exitOf(run(services[name]!.healthcheck!.test.slice(1)));

    const running = new Map<string, { child: ChildProcess; exited: Promise<number | null> }>();
    const stop = async (name: string) => {
      running.get(name)!.child.kill('SIGTERM');
      return running.get(name)!.exited;
    };
    const healthBefore: Record<string, number | null> = {};
    const started = new Map<string, Promise<void>>([['postgres', Promise.resolve()]]);
    const start = (name: string): Promise<void> => {
      const known = started.get(name) ?? startAfterNeeds(name);
      started.set(name, known);
      return known;
    };
    async function startAfterNeeds(name: string): Promise<void> {
      const { command, environment, depends_on: needs = {}, restart, healthcheck } = services[name]!;
      await Promise.all(Object.keys(needs).map(start));
      if (healthcheck) healthBefore[name] = await health(name);
      const child = run(command!, environment);
      const exited = exitOf(child);
      running.set(name, { child, exited });
      stack.defer(async () => void (await stop(name)));
      if (restart === 'no') {
        if ((await exited) !== 0) throw new Error(`${name} failed.`);
      } else
        while (!(await answersReady(ports.get(name)!))) if (child.exitCode !== null) throw new Error(`${name} ended.`);
    }

    await Promise.all(names.map(start));
    return {
      url: `http://127.0.0.1:${ports.get('demo-gateway')}`,
      healthBefore,
      health,
      stop,
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}

function isStarted({ profiles }: ComposeService): boolean {
  return profiles?.includes('demo') ?? true;
}

/** The health check itself would be a process each time. */
async function answersReady(port: number): Promise<boolean> {
  await sleep(50);
  return fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
