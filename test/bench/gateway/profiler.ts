import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

// Loaded into a gateway before it starts: profiles it while its parent wants. A profiler costs time, so no load is measured meanwhile.

export type ProfilerMessage = { kind: 'profile' } | { kind: 'write profile'; file: string };

const session = new Session();

async function answer(message: ProfilerMessage): Promise<void> {
  if (message.kind === 'profile') {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  } else {
    const { profile } = await session.post('Profiler.stop');
    await writeFile(message.file, JSON.stringify(profile));
    session.disconnect();
  }
  process.send!({ kind: 'done' });
}

process.on('message', (message: ProfilerMessage) => void answer(message));
