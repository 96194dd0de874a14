// The SQLite project: no test may reach for MariaDB or Redis by accident.
delete process.env.TEST_MYSQL_URL;
delete process.env.TEST_REDIS_URL;
