import { existsSync, symlinkSync } from 'node:fs';
import { fileURLToPath, URL } from 'node:url';

// Runs after "npm ci". npm 10 takes the link to the Node that came along away again: the package of another platform, which it does
// not install, has a link of the same name. Plain JavaScript, because any Node may run it.

const modules = new URL('../../node_modules/', import.meta.url);
const brought = fileURLToPath(new URL(`node-${process.platform}-${process.arch}/bin/node`, modules));
const link = fileURLToPath(new URL('.bin/node', modules));

if (existsSync(brought) && !existsSync(link)) symlinkSync(`../node-${process.platform}-${process.arch}/bin/node`, link);
