import { get } from 'node:http';

// Exits with 0 when the server at a URL says that it is ready, else with 1: the health check of containers, whose image has no curl.
// Usage: node app/bin/check-ready.js http://127.0.0.1:4000

const TIMEOUT_MS = 4000;

const request = get(`${process.argv[2]}/readyz`, { timeout: TIMEOUT_MS }, ({ statusCode }) => {
  console.log(`HTTP status ${statusCode}`);
  process.exit(statusCode === 200 ? 0 : 1);
});
request.on('timeout', () => request.destroy(new Error('it takes too long')));
request.on('error', ({ message }) => {
  console.log(`no answer: ${message}`);
  process.exit(1);
});
