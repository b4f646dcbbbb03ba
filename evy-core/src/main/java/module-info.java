/**
 * Green threads on hubs, and the sockets, pools and timeouts that go with them.
 *
 * <p>Configuration, each as system property and environment variable, the property first:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>Property</th><th>Variable</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code evy.hub}</td><td>{@code EVY_HUB}</td><td>the best there is</td>
 *     <td>kind of hub: {@code epoll} (Linux) or {@code nio} (anywhere)</td></tr>
 * <tr><td>{@code evy.threadpool.size}</td><td>{@code EVY_THREADPOOL_SIZE}</td><td>20</td>
 *     <td>number of native threads of {@link evy.tpool.Tpool}</td></tr>
 * <tr><td>{@code evy.dns}</td><td>{@code EVY_DNS}</td><td>{@code system}</td>
 *     <td>who looks up names on green threads: {@code system}, {@code dnsjava}, {@code builtin} or
 *     {@code no}; see {@link evy.io.dns.Dns#configured}</td></tr>
 * </table>
 *
 * <p>Needs {@code --add-opens java.base/java.lang=evy.core} (or {@code =ALL-UNNAMED} on the class
 * path): green threads are virtual threads with a scheduler of our own, which JDK 25 has no public
 * way to make.
 */
module evy.core {
    requires static java.management;
    requires static jdk.jfr;
    requires static org.dnsjava;
    requires static transitive org.jspecify;

    exports evy;
    exports evy.debug;
    exports evy.hubs;
    exports evy.io;
    exports evy.io.dns;
    exports evy.io.tls;
    exports evy.pools;
    exports evy.processes;
    exports evy.sync;
    exports evy.tpool;
    exports evy.internal.os to
            evy.tools;
    exports evy.internal.poll to
            evy.tools,
            evy.testkit;
    exports evy.internal.util to
            evy.tools;
    exports evy.internal.vthread to
            evy.tools;

    uses evy.debug.LineTracer;

    provides java.net.spi.InetAddressResolverProvider with
            evy.io.dns.GreenResolverProvider;
}
