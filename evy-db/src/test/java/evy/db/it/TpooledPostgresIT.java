package evy.db.it;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.TpooledConnectionPool;
import evy.testkit.Spec;

import java.util.Properties;

/** PostgreSQL as if its driver were native code. */
@Spec("DB19")
class TpooledPostgresIT extends PostgresIT {
    @Override
    ConnectionPool open(String at, ConnectionPoolOptions options) {
        return new TpooledConnectionPool(at, new Properties(), options);
    }
}
