package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;

/** Finds the driver for an address. */
final class Drivers {
    private Drivers() {}

    /**
     * A factory that connects to an address. The driver is looked up once.
     *
     * @param url as for {@link DriverManager}
     * @param properties copied
     * @throws IllegalArgumentException if no driver takes it
     */
    static ConnectionFactory factory(String url, Properties properties) {
        Driver driver = find(url);
        Properties kept = copy(properties);
        return () -> {
            Connection connection = driver.connect(url, (Properties) kept.clone());
            if (connection == null) {
                throw new SQLException(
                        driver.getClass().getName() + " does not connect to " + shown(url));
            }
            return connection;
        };
    }

    /** With the defaults, which a clone would keep apart. */
    static Properties copy(Properties properties) {
        Properties copy = new Properties();
        properties.stringPropertyNames().forEach(n -> copy.put(n, properties.getProperty(n)));
        return copy;
    }

    private static Driver find(String url) {
        try {
            return DriverManager.getDriver(url);
        } catch (SQLException e) {
            // it shows only those that this library's own loader sees
            Driver driver = findByLoader(url);
            if (driver == null) {
                throw new IllegalArgumentException(unknown(url), e);
            }
            return driver;
        }
    }

    private static @Nullable Driver findByLoader(String url) {
        for (Driver driver : ServiceLoader.load(Driver.class)) {
            if (accepts(driver, url)) {
                return driver;
            }
        }
        return null;
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return false; // its way to say that it is not for it
        }
    }

    private static String unknown(String url) {
        List<String> known = new ArrayList<>();
        DriverManager.drivers().forEach(driver -> known.add(driver.getClass().getName()));
        return "no JDBC driver takes '"
                + shown(url)
                + "'; add the driver's jar ("
                + (known.isEmpty() ? "there is none" : "there are: " + String.join(", ", known))
                + ")";
    }

    /** The scheme only: the rest may have a password in it. */
    private static String shown(String url) {
        int scheme =
                url.startsWith("jdbc:") ? url.indexOf(':', "jdbc:".length()) : url.indexOf(':');
        return scheme < 0 ? url : url.substring(0, scheme + 1) + "...";
    }
}
