import process from 'node:process';
import { verifyAudit } from '../platform/audit/index.ts';
import { runCommand } from './command.ts';

const USAGE = 'npm run audit -- verify   reads the whole trail and names what was altered, removed or cut off';

await runCommand(USAGE, async ({ database, vault }, [deed]) => {
  if (deed !== 'verify') return false;
  const { entries, lastHash, faults, faultCount } = await verifyAudit(database.reader, vault);
  for (const fault of faults) process.stdout.write(`✗ ${fault}\n`);
  if (faultCount > faults.length) process.stdout.write(`✗ and ${faultCount - faults.length} more\n`);
  if (faultCount > 0) {
    process.stdout.write(`The trail of ${entries} entries is not as it was written.\n`);
    process.exitCode = 1;
  } else {
    // Kept elsewhere, this line proves later that nothing before it was exchanged.
    process.stdout.write(`✓ ${entries} entries, as they were written; the last is ${lastHash}\n`);
  }
  return true;
});
