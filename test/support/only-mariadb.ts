// The MariaDB project: without a server there is nothing to test, and that must not look like success.
if (!process.env.TEST_MYSQL_URL) {
  throw new Error('TEST_MYSQL_URL is not set. `npm test` starts a private MariaDB and sets it.');
}
// Jobs are looked for in the database.
delete process.env.TEST_REDIS_URL;
