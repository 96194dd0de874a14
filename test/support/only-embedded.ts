// The SQLite project: no test may reach for MariaDB by accident.
delete process.env.TEST_MYSQL_URL;
