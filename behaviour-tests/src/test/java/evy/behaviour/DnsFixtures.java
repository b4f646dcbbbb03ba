package evy.behaviour;

import evy.io.dns.Answer;
import evy.io.dns.Dns;
import evy.io.dns.DnsOptions;
import evy.io.dns.Family;
import evy.io.dns.LookupException;
import evy.io.dns.Resolver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Resolvers that do as they are told. */
final class DnsFixtures {
    /** No hosts file, limits far away. */
    static final DnsOptions OPTIONS =
            DnsOptions.DEFAULT.withHostsFile(null).withTimeout(NetFixtures.LONG);

    private DnsFixtures() {}

    static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    /** Answers when the test says so. */
    static final class ManualResolver implements Resolver {
        final List<String> asked = new CopyOnWriteArrayList<>();
        final List<CompletableFuture<Answer>> pending = new CopyOnWriteArrayList<>();
        final List<CompletableFuture<String>> pendingNames = new CopyOnWriteArrayList<>();

        Dns dns(DnsOptions options) {
            return new Dns(this, options);
        }

        @Override
        public String name() {
            return "manual";
        }

        @Override
        public CompletableFuture<Answer> addresses(String host, Family family) {
            CompletableFuture<Answer> future = new CompletableFuture<>();
            pending.add(future);
            asked.add(host + " " + family);
            return future;
        }

        @Override
        public CompletableFuture<String> name(InetAddress address) {
            CompletableFuture<String> future = new CompletableFuture<>();
            pendingNames.add(future);
            asked.add(address.getHostAddress());
            return future;
        }

        void answer(int question, String... addresses) {
            pending.get(question)
                    .complete(Answer.of(Stream.of(addresses).map(DnsFixtures::ip).toList()));
        }
    }

    /** Answers at once: a fixed answer, or the exception it was given. */
    static final class InstantResolver implements Resolver {
        final List<String> asked = new CopyOnWriteArrayList<>();
        private volatile Answer answer = Answer.of(List.of(ip("192.0.2.1")));
        private volatile LookupException.Reason failure;
        private volatile boolean nameless;

        Dns dns(DnsOptions options) {
            return new Dns(this, options);
        }

        InstantResolver answering(Answer newAnswer) {
            answer = newAnswer;
            failure = null;
            return this;
        }

        InstantResolver answering(String... addresses) {
            return answering(Answer.of(Stream.of(addresses).map(DnsFixtures::ip).toList()));
        }

        InstantResolver nameless() {
            nameless = true;
            return this;
        }

        InstantResolver failing(LookupException.Reason reason) {
            failure = reason;
            return this;
        }

        @Override
        public String name() {
            return "instant";
        }

        @Override
        public CompletableFuture<Answer> addresses(String host, Family family) {
            asked.add(host + " " + family);
            if (failure != null) {
                return CompletableFuture.failedFuture(
                        new LookupException(failure, host + ": scripted"));
            }
            List<InetAddress> wanted =
                    answer.addresses().stream().filter(family::contains).toList();
            return wanted.isEmpty()
                    ? CompletableFuture.failedFuture(
                            new LookupException(
                                    LookupException.Reason.NO_ADDRESS, host + ": scripted"))
                    : CompletableFuture.completedFuture(
                            new Answer(
                                    wanted,
                                    answer.canonicalName(),
                                    answer.aliases(),
                                    answer.timeToLive()));
        }

        @Override
        public CompletableFuture<String> name(InetAddress address) {
            asked.add(address.getHostAddress());
            return nameless
                    ? CompletableFuture.failedFuture(
                            new LookupException(
                                    LookupException.Reason.NO_SUCH_NAME,
                                    address.getHostAddress() + ": scripted"))
                    : CompletableFuture.completedFuture("named.test");
        }
    }

    /** Blocks the thread it is called in, as the system does, until it is opened. */
    static final class BlockingResolver implements InetAddressResolver {
        final List<String> asked = new CopyOnWriteArrayList<>();
        private final CountDownLatch gate = new CountDownLatch(1);

        void open() {
            gate.countDown();
        }

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                throws UnknownHostException {
            pass(host);
            if (host.startsWith("nosuch")) {
                throw new UnknownHostException(host + ": Name or service not known");
            }
            if (host.startsWith("later")) {
                throw new UnknownHostException(host + ": Temporary failure in name resolution");
            }
            return Stream.of(ip("192.0.2.7"));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            pass(InetAddress.getByAddress(address).getHostAddress());
            return "blocking.test";
        }

        private void pass(String what) {
            asked.add(what);
            try {
                if (!gate.await(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("the gate was never opened");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
