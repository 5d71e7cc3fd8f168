// Runs before every script: npm falls back silently to the system's Node where no packaged Node 26 fits.
const major = Number(process.versions.node.split('.')[0]);
if (major < 26) {
  process.stderr.write(
    `Tessera needs Node 26 or newer; this is Node ${process.versions.node}.\n` +
      'Run "npm ci" first: it brings Node 26 for Linux, macOS and Windows. On another platform, install Node 26 yourself.\n',
  );
  process.exit(1);
}
