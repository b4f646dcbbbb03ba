package evy.documentation;

import brave.http.HttpTracing;

import evy.GreenPool;
import evy.hubs.WaitQueue;
import evy.io.GreenServerSocket;
import evy.sync.Semaphore;
import evy.web.App;
import evy.zmq.Context;
import evy.zmq.Socket;

import io.micrometer.core.instrument.MeterRegistry;

import java.sql.Connection;
import java.util.List;
import java.util.Properties;

/**
 * What the snippets of the Javadoc name without saying where it comes from, as a reader has
 * something of the kind. They are compiled only, so there is nothing behind it.
 */
public final class JavadocNames {
    /** Of {@code GreenPile}. */
    public static final GreenPool POOL = null;

    public static Properties anyOther;
    public static App app;
    public static Context context;
    public static Socket dealer;
    public static Properties internal;
    public static List<Runnable> jobs;
    public static int permits;
    public static evy.db.ConnectionPool pool;
    public static Properties properties;
    public static String question;
    public static MeterRegistry registry;
    public static String reply;
    public static byte[] request;
    public static Socket router;
    public static Semaphore semaphore;
    public static GreenServerSocket server;
    public static HttpTracing tracing;
    public static String url;
    public static List<String> urls;
    public static WaitQueue waiters;

    private JavadocNames() {}

    /** Of {@code Proxy}. */
    public interface Database {
        Iterable<Row> query(String sql);
    }

    public static final class BlockingDatabase implements Database {
        @Override
        public Iterable<Row> query(String sql) {
            return List.of();
        }
    }

    public record Row() {}

    public record Summary(String user, String order) {}

    public record Session() {
        public void send(String text) {}
    }

    public static final class TestClock {}

    public static String answer(String line) {
        return line;
    }

    public static String ask(String question) {
        return question;
    }

    public static int count(Connection connection) {
        return 0;
    }

    public static List<String> crawl() {
        return List.of();
    }

    public static void download(String url) {}

    public static String fetch(String url) {
        return url;
    }

    public static int fetchCount() {
        return 0;
    }

    public static String fetchOrder(int id) {
        return "order " + id;
    }

    public static String findUser(int id) {
        return "user " + id;
    }

    public static void handle(Object what) {}

    public static Session open() {
        return new Session();
    }

    public static void serve() {}

    public static String title(String url) {
        return url;
    }

    public static Object work() {
        return 42;
    }

    public static int update(Connection connection) {
        return 0;
    }
}
