package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Hub;
import evy.io.dns.Dns;
import evy.io.dns.LookupException;
import evy.io.dns.SystemResolver;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Askers on two hubs, some killed, some out of time: nobody is forgotten, nothing is left. */
@ExtendWith(LeakCheckExtension.class)
class DnsStormTest {
    private static final int ASKERS = 600;
    private static final int NAMES = 12;

    @Test
    @Spec("DNS8")
    void lookup_askersComeAndGo_everyOneEnds() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicInteger answered = new AtomicInteger();

        try (Hub other = Hub.open();
                SystemResolver resolver = new SystemResolver(new Brief(), 3)) {
            Dns dns = new Dns(resolver, DnsFixtures.OPTIONS.withCacheSize(NAMES / 3));
            List<GreenThread<Boolean>> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                String host = "host" + random.nextInt(NAMES) + ".test";
                boolean hurried = random.nextInt(4) == 0;
                Hub hub = random.nextBoolean() ? other : Hub.getDefault();
                askers.add(Evy.spawn(hub, () -> ask(dns, host, hurried, answered)));
                if (random.nextInt(3) == 0) {
                    Evy.kill(askers.get(random.nextInt(askers.size())));
                }
                if (random.nextInt(50) == 0) {
                    dns.flush();
                }
            }

            int ended = 0;
            for (GreenThread<Boolean> asker : askers) {
                try {
                    asker.join();
                } catch (GreenThreadExit killed) {
                    assertThat(asker.isDone()).isTrue();
                }
                ended++;
            }

            assertThat(ended).as("seed %d", seed).isEqualTo(ASKERS);
            assertThat(answered.get()).as("seed %d", seed).isPositive();
            NetFixtures.awaitTrue("seed " + seed, () -> dns.statistics().running() == 0);
        }
    }

    private static boolean ask(Dns dns, String host, boolean hurried, AtomicInteger answered)
            throws LookupException {
        try {
            InetAddress found =
                    hurried
                            ? Timeout.call(Duration.ofNanos(200_000), () -> dns.getByName(host))
                            : dns.getByName(host);
            assertThat(found.getHostName()).isEqualTo(host);
            answered.incrementAndGet();
            return true;
        } catch (Timeout over) {
            return false;
        }
    }

    /** Takes a moment for everything. */
    private static final class Brief implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
            LockSupport.parkNanos(100_000);
            return Stream.of(DnsFixtures.ip("192.0.2.1"));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            throw new UnknownHostException();
        }
    }
}
