// Runs the blob service of Azurite and ends with the process that started it.
// Arguments: the directory Azurite is installed in, the directory of its data.
'use strict';
const fs = require('fs');
const path = require('path');
const [install, data] = process.argv.slice(-2);
const pidFile = path.join(data, 'emulator.pid');

// Azurite reads its options from the command line.
process.argv = [process.execPath, 'azurite-blob', '--silent', '--skipApiVersionCheck', '--disableTelemetry',
  '--blobHost', '127.0.0.1', '--blobPort', '0', '--location', data];
const { BlobServerFactory } = require(path.join(install, 'node_modules/azurite/dist/src/blob/BlobServerFactory.js'));

let server;
let ending = false;
async function end() {
  if (ending) {
    return;
  }
  ending = true;
  // Saving the metadata takes milliseconds; a save that hangs must not keep an orphan alive.
  setTimeout(() => process.exit(1), 5000).unref();
  if (server !== undefined) {
    await server.close();
  }
  fs.rmSync(pidFile, { force: true });
  process.exit(0);
}

// Standard input is a pipe from the parent: the system closes it however the parent ends.
process.stdin.on('end', end).on('close', end).on('error', end).resume();
process.on('SIGTERM', end);
// An interrupt in a terminal reaches the whole group; the parent decides when its emulator ends.
process.on('SIGINT', () => {});

(async () => {
  const created = await new BlobServerFactory().createServer();
  await created.start();
  server = created;
  fs.writeFileSync(pidFile, String(process.pid));
  process.stdout.write(`listening ${server.getHttpServerAddress()}\n`);
})().catch(error => {
  process.stderr.write(`${error && error.message}\n`);
  process.exit(1);
});
