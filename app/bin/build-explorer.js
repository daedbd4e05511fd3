import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

// Builds the explorer's page into app/explorer/dist: a page, and assets whose names carry a hash of their content, each with a
// compressed twin. Runs at the end of "npm ci"; plain JavaScript, because any Node may run it.

const root = fileURLToPath(new URL('../explorer', import.meta.url));
const outDir = join(root, 'dist');
const TOO_SMALL_TO_COMPRESS = 1024;
const BROTLI_QUALITY = 9; // 11 takes ten times as long for a few per cent

process.env.RAYON_NUM_THREADS ??= '1'; // peak memory 780 MB instead of 900, in the same time

const vite = await loadVite();
if (vite) await build(vite);
else
  console.log(
    'The explorer is not built: its build tools are not installed (npm was told to leave out development dependencies).',
  );

async function build({ build: runBuild }) {
  await runBuild({
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    base: '/explorer/',
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0, // every file has an address of its own
      modulePreload: { polyfill: false }, // would be a script inside the page, which the content security policy forbids
      reportCompressedSize: false,
      chunkSizeWarningLimit: Infinity, // the editor is one large piece, loaded once
      rolldownOptions: {
        onwarn(warning, warn) {
          // "use client" and the like, of many packages: they speak to servers that render.
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
  });
  const assets = join(outDir, 'assets');
  for (const name of readdirSync(assets)) compress(join(assets, name));
}

function compress(file) {
  const content = readFileSync(file);
  if (content.length < TOO_SMALL_TO_COMPRESS) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
}

async function loadVite() {
  try {
    return await import('vite');
  } catch (error) {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
