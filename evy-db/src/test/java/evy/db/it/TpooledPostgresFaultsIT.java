package evy.db.it;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.TpooledConnectionPool;
import evy.testkit.Spec;

import java.util.Properties;

/** PostgreSQL as if its driver were native code, when something goes wrong. */
@Spec("DB19")
class TpooledPostgresFaultsIT extends PostgresFaultsIT {
    TpooledPostgresFaultsIT() throws Exception {}

    @Override
    ConnectionPool open(String url, ConnectionPoolOptions options) {
        return new TpooledConnectionPool(url, new Properties(), options);
    }
}
