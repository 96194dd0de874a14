import mysql from 'mysql2';

const READ_COMMITTED = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';

/**
 * The driver, with connections on which other people's commits are seen between statements: a decision is taken on what is
 * locked, not on an old picture. Said once for each connection; TypeORM would say it again in every transaction.
 */
export const readCommittedDriver = {
  ...mysql,
  createPool(options: mysql.PoolOptions): mysql.Pool {
    const pool = mysql.createPool(options);
    pool.on('connection', (connection) => {
      connection.query(READ_COMMITTED, (error) => {
        // Better none than one that decides on an old picture.
        if (error) connection.destroy();
      });
    });
    return pool;
  },
};
