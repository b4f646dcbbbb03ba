import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;

/** The drivers of some databases, which are no part of Evy. Others come on the class path. */
final class JdbcDrivers {
    private JdbcDrivers() {}

    /**
     * Has this thread find them, which the build or Maven puts into {@code examples/target/jdbc}.
     *
     * @throws IOException if they are not there and Maven cannot fetch them
     */
    static void load() throws IOException {
        var jars = new ArrayList<URL>();
        for (var jar : MavenJars.find("jdbc")) {
            jars.add(jar.toUri().toURL());
        }
        var parent = Thread.currentThread().getContextClassLoader();
        var loader = new URLClassLoader(jars.toArray(URL[]::new), parent);
        Thread.currentThread().setContextClassLoader(loader); // open to the end: they load by it
    }
}
