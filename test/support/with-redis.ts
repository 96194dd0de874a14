// The Redis project: MariaDB, and BullMQ carries jobs.
for (const variable of ['TEST_MYSQL_URL', 'TEST_REDIS_URL']) {
  if (!process.env[variable])
    throw new Error(`${variable} is not set. \`npm test\` starts a private server and sets it.`);
}
