package evy.zmq.it;

import static evy.zmq.it.Parts.send;
import static evy.zmq.it.Parts.texts;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** Peers that do not keep to the protocol: the hub and the other peers never notice. */
@ExtendWith({LeakCheckExtension.class, GreenTests.class})
class HostilePeersIT {
    private static final int FLOOD = 100;

    private Context context;
    private Socket pull;
    private Socket push;
    private String address;

    @BeforeEach
    void open() {
        context = Context.open();
        pull = Parts.open(context, SocketType.PULL);
        pull.options().maxMessageSize(1000);
        address = pull.bind("tcp://127.0.0.1:*");
        push = Parts.open(context, SocketType.PUSH);
        push.connect(address);
    }

    @AfterEach
    void close() {
        context.close();
    }

    /* A peer that was there before and one that comes now. */
    private void assertOthersAreWell() {
        send(push, "before");
        assertThat(texts(pull)).isEqualTo("before");
        try (Socket next = Parts.open(context, SocketType.PUSH)) {
            next.connect(address);
            send(next, "after");
            assertThat(texts(pull)).isEqualTo("after");
        }
    }

    @Test
    @Spec("ZMQ1")
    void peer_sendsGarbageAfterTheSignature_isCutOff() throws Exception {
        byte[] garbage = new byte[64 * 1024];
        Random random = new Random(1);
        for (int i = 0; i < FLOOD / 10; i++) {
            random.nextBytes(garbage);
            System.arraycopy(RawPeer.greeting(), 0, garbage, 0, 10 + i % 3);
            try (RawPeer peer = new RawPeer(address)) {
                peer.sendIfOpen(garbage);
                peer.awaitClosed();
            }
        }

        assertOthersAreWell();
    }

    /* What does not begin with the signature counts as ZMTP 1.0, which is nothing but frames. */
    @Test
    @Spec("ZMQ1")
    void peer_sendsOnlyGarbage_othersAreWell() throws Exception {
        byte[] garbage = new byte[64 * 1024];
        new Random(2).nextBytes(garbage);
        for (byte first : "\u0000\u0001GET".getBytes(StandardCharsets.US_ASCII)) {
            garbage[0] = first;
            try (RawPeer peer = new RawPeer(address)) {
                peer.sendIfOpen(garbage);
            }
        }

        send(push, "before");
        awaitAmongGarbage("before");
        try (Socket next = Parts.open(context, SocketType.PUSH)) {
            next.connect(address);
            send(next, "after");
            awaitAmongGarbage("after");
        }
    }

    /* Throws when nothing arrives any more. */
    private void awaitAmongGarbage(String wanted) {
        while (!texts(pull).equals(wanted)) {
            // some of the garbage
        }
    }

    @ParameterizedTest
    @Spec("ZMQ1")
    @ValueSource(ints = {0, 1, 5, 11, 63})
    void peer_stopsWithinItsGreeting_isCutOffInTime(int length) throws Exception {
        pull.options().handshakeTimeout(Duration.ofMillis(300));
        address = pull.bind("tcp://127.0.0.1:*");
        try (RawPeer peer = new RawPeer(address)) {
            peer.send(Arrays.copyOf(RawPeer.greeting(), length));

            peer.awaitClosed();
        }

        assertOthersAreWell();
    }

    @Test
    @Spec("ZMQ1")
    void peers_greetAndReset_othersAreWell() throws Exception {
        for (int i = 0; i < FLOOD; i++) {
            RawPeer peer = new RawPeer(address);
            peer.send(Arrays.copyOf(RawPeer.greeting(), i % 65));
            peer.reset();
        }

        assertOthersAreWell();
    }

    @Test
    @Spec("ZMQ5")
    void peer_resetsWithinAMessage_nothingOfItArrives() throws Exception {
        RawPeer peer = RawPeer.greeted(address, "PUSH");
        peer.send(RawPeer.frame("whole"));
        peer.send(Arrays.copyOf(RawPeer.frame("a half of this"), 8));
        assertThat(texts(pull)).isEqualTo("whole");

        peer.reset();

        assertOthersAreWell();
    }

    @Test
    @Spec("ZMQ5")
    void peer_resetsBetweenParts_nothingOfTheMessageArrives() throws Exception {
        byte[] part = RawPeer.frame("the first of two");
        part[0] = 1; // more follow
        RawPeer peer = RawPeer.greeted(address, "PUSH");
        peer.send(RawPeer.frame("whole"));
        peer.send(part);
        assertThat(texts(pull)).isEqualTo("whole");

        peer.reset();

        assertOthersAreWell();
    }

    @ParameterizedTest
    @Spec("ZMQ1")
    @ValueSource(longs = {1001, 1L << 31, 1L << 40, Long.MAX_VALUE})
    void peer_claimsMoreThanMayBe_isCutOffWithoutABuffer(long length) throws Exception {
        try (RawPeer peer = RawPeer.greeted(address, "PUSH")) {
            peer.send(RawPeer.frame("good"));
            assertThat(texts(pull)).isEqualTo("good");

            peer.send(RawPeer.claim(length));

            peer.awaitClosed();
        }
        assertOthersAreWell();
    }

    @ParameterizedTest
    @Spec("ZMQ1")
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void peer_claimsANegativeLength_hasSentAnEmptyMessage(long length) throws Exception {
        try (RawPeer peer = RawPeer.greeted(address, "PUSH")) {
            peer.send(RawPeer.claim(length));

            assertThat(texts(pull)).isEmpty();
        }
        assertOthersAreWell();
        assertThat(context.close(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    @Spec("ZMQ1")
    void peer_isOfAWrongType_isCutOff() throws Exception {
        try (RawPeer peer = new RawPeer(address)) {
            peer.send(RawPeer.greeting());
            peer.send(RawPeer.ready("PUB"));

            peer.awaitClosed();
        }

        assertOthersAreWell();
    }

    @Test
    @Spec("ZMQ1")
    void peers_spoiledHandshakes_areAllCutOff() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < FLOOD; i++) {
            byte[] ready = RawPeer.ready("PUSH");
            ready[random.nextInt(ready.length)] ^= (byte) (1 << random.nextInt(8));
            try (RawPeer peer = new RawPeer(address)) {
                peer.send(RawPeer.greeting());
                peer.sendIfOpen(ready);
                Evy.yield();
            }
        }

        assertOthersAreWell();
    }

    @Test
    @Spec("ZMQ4")
    void subscriber_sendsNonsense_publisherGoesOn() throws Exception {
        try (Socket pub = Parts.open(context, SocketType.PUB);
                Socket sub = Parts.open(context, SocketType.SUB)) {
            String here = pub.bind("tcp://127.0.0.1:*");
            byte[] nonsense = new byte[200];
            Random random = new Random(3);
            sub.connect(here);
            sub.subscribe("");
            for (int i = 0; i < FLOOD; i++) {
                random.nextBytes(nonsense);
                try (RawPeer peer = RawPeer.greeted(here, "SUB")) {
                    peer.sendIfOpen(RawPeer.frame("\u0001\u0002\u0000nonsense" + i));
                    peer.sendIfOpen(RawPeer.command(nonsense));
                }
            }

            sub.options().receiveTimeout(Duration.ofMillis(20));
            do {
                send(pub, "news");
            } while (!Parts.arrives(sub));
        }
    }
}
