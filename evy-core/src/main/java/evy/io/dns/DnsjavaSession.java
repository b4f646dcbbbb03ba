package evy.io.dns;

import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.lookup.LookupSession;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sets dnsjava up: reads what the system is configured to, on a thread that may block. */
final class DnsjavaSession {
    private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

    private DnsjavaSession() {}

    static CompletableFuture<LookupSession> open(DnsjavaOptions options) {
        CompletableFuture<LookupSession> opened = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("evy-dns-open")
                .start(() -> open(options, opened));
        return opened;
    }

    private static void open(DnsjavaOptions options, CompletableFuture<LookupSession> opened) {
        try {
            opened.complete(sessionFor(options));
        } catch (Throwable t) {
            opened.completeExceptionally(t);
        }
    }

    private static LookupSession sessionFor(DnsjavaOptions options) throws TextParseException {
        ResolverConfig system = ResolverConfig.getCurrentConfig();
        // its own thread parses what it received; the default is a pool that others may keep busy
        LookupSession.LookupSessionBuilder session =
                LookupSession.builder().resolver(resolver(options, system)).executor(Runnable::run);
        session.ndots(options.dots() == null ? system.ndots() : options.dots());
        if (options.search() == null) {
            session.searchPath(system.searchPath());
        } else {
            for (String domain : options.search()) {
                session.searchPath(Name.fromString(domain, Name.root));
            }
        }
        return session.build();
    }

    private static Resolver resolver(DnsjavaOptions options, ResolverConfig system) {
        List<InetSocketAddress> servers =
                options.servers().isEmpty() ? system.servers() : options.servers();
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            resolvers.add(new WaryResolver(server, options.attempt()));
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        int attempts = options.retries() + 1;
        all.setRetries(attempts);
        // that of each attempt is what counts, and dnsjava looks at the time only now and then
        all.setTimeout(
                options.attempt().plus(CLOCK_TICK).multipliedBy((long) attempts * servers.size()));
        return all;
    }
}
