/**
 * JDBC connections shared by green threads.
 *
 * {@snippet :
 * try (var pool = ConnectionPool.open("jdbc:h2:mem:shop", new Properties(), ConnectionPoolOptions.DEFAULT)) {
 *     int rows = pool.transaction(connection -> update(connection)); // or roll back
 * }
 * }
 *
 * <p>Begin with {@link evy.db.ConnectionPool}, a {@link javax.sql.DataSource}, and {@link
 * evy.db.ConnectionPoolOptions}; {@link evy.db.DatabaseConnector} keeps a pool for each of many
 * databases.
 *
 * <p>Guide: {@code docs/guide/db.md}.
 */
@NullMarked
package evy.db;

import org.jspecify.annotations.NullMarked;
