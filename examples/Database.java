/*
 * Shares few database connections among many green threads: each moves money between two accounts, in a
 * transaction of its own. Some change their minds halfway, and yet no money is lost.
 *
 *   ./evy run examples/Database.java                          H2, in memory
 *   ./evy run examples/Database.java 'jdbc:postgresql://localhost/test?user=me&password=...'
 *   ./evy run examples/Database.java 'jdbc:mariadb://localhost/test?user=me&password=...'
 *   ./evy run -cp DRIVER.jar examples/Database.java URL       any other
 *
 * The table evy_example_account is made there, and removed at the end.
 */
import evy.GreenPool;
import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;

import java.sql.Connection;
import java.sql.SQLException;

static final int ACCOUNTS = 50;
static final int TRANSFERS = 1000;

int changedMinds; // all run on one hub: nobody else writes it meanwhile

void main(String[] args) throws Exception {
    JdbcDrivers.load();
    var url = args.length > 0 ? args[0] : "jdbc:h2:mem:bank;DB_CLOSE_DELAY=-1";
    var options = ConnectionPoolOptions.DEFAULT.withName("bank").withMaxSize(10);
    try (var pool = ConnectionPool.open(url, new Properties(), options)) {
        pool.run(this::createAccounts);
        var callers = new GreenPool(100);
        var random = new Random();
        for (int i = 0; i < TRANSFERS; i++) {
            int from = random.nextInt(ACCOUNTS);
            int to = random.nextInt(ACCOUNTS);
            boolean sure = i % 10 != 0;
            callers.spawnN(() -> transfer(pool, from, to, sure));
        }
        callers.waitAll();

        IO.println(TRANSFERS + " transfers, " + changedMinds + " of them rolled back");
        IO.println(pool.statistics().created() + " connections for 100 green threads");
        IO.println("the balances add up to " + pool.use(this::sum));
        pool.run(c -> execute(c, "DROP TABLE evy_example_account"));
    } catch (SQLException | IllegalArgumentException e) {
        System.err.println("no database: " + e.getMessage());
        System.exit(1);
    }
}

void createAccounts(Connection connection) throws SQLException {
    execute(connection, "DROP TABLE IF EXISTS evy_example_account");
    execute(connection, "CREATE TABLE evy_example_account (id INT PRIMARY KEY, balance INT)");
    for (int id = 0; id < ACCOUNTS; id++) {
        execute(connection, "INSERT INTO evy_example_account VALUES (?, 100)", id);
    }
}

void transfer(ConnectionPool pool, int from, int to, boolean sure) throws SQLException {
    try {
        pool.runTransaction(
                connection -> {
                    // the lower one first, as everybody does: nobody waits in a circle
                    add(connection, Math.min(from, to), from < to ? -1 : 1);
                    if (!sure) {
                        throw new CancellationException("changed my mind");
                    }
                    add(connection, Math.max(from, to), from < to ? 1 : -1);
                });
    } catch (CancellationException e) {
        changedMinds++;
    }
}

void add(Connection connection, int id, int amount) throws SQLException {
    var sql = "UPDATE evy_example_account SET balance = balance + ? WHERE id = ?";
    execute(connection, sql, amount, id);
}

void execute(Connection connection, String sql, int... parameters) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < parameters.length; i++) {
            statement.setInt(i + 1, parameters[i]);
        }
        statement.execute();
    }
}

int sum(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
            var result = statement.executeQuery("SELECT SUM(balance) FROM evy_example_account")) {
        result.next();
        return result.getInt(1);
    }
}
