package evy.zmq.it;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenPool;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Random bursts, kills and timeouts: each pattern keeps its messages, whole and each once. */
@ExtendWith({LeakCheckExtension.class, GreenTests.class})
class StormIT {
    private static final long SEED = Long.getLong("evy.seed", 20_261_122);
    private static final String ANY_PORT = "tcp://127.0.0.1:*";

    private final Storm storm = new Storm(SEED);
    private Context context;

    @BeforeEach
    void open() {
        context = Context.open();
    }

    @AfterEach
    void close() {
        context.close();
    }

    /** The storm, and a thread beside it that must not stand still. */
    private void rage() {
        try (var beside = new Ticker()) {
            storm.run();
            beside.await(1);
            assertThat(storm.tears()).isPositive();
        }
    }

    @Test
    @Spec({"ZMQ1", "ZMQ2"})
    void pushPull_storm_eachMessageArrivesOnce() throws Exception {
        int count = 65_000;
        List<Socket> pulls = new ArrayList<>();
        List<Socket> pushes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pushes.add(bounded(SocketType.PUSH));
            pulls.add(bounded(SocketType.PULL));
        }
        for (Socket pull : pulls) {
            String address = pull.bind(ANY_PORT);
            pushes.forEach(push -> push.connect(address));
        }
        Count sent = new Count(count);
        Count got = new Count(count);

        for (int i = 0; i < 9; i++) {
            Socket push = pushes.get(i % 3);
            Sending sending = new Sending(sent, push);
            storm.worker(sending::isDone, sending);
            Socket pull = pulls.get(i % 3);
            storm.worker(got::isFull, () -> got.add(number(pull.recv())));
        }
        rage();

        assertThat(got.isFull()).isTrue();
        assertThat(pulls).allSatisfy(pull -> assertThat(pull.tryRecv()).isNull());
    }

    private Socket bounded(SocketType type) {
        Socket socket = context.socket(type);
        socket.options().sendHighWaterMark(20);
        socket.options().receiveHighWaterMark(20);
        return socket;
    }

    /** Sends the numbers that are not sent yet, in bursts; what was torn is not sent. */
    private final class Sending implements Storm.Step {
        private final Count count;
        private final Socket socket;
        private int held = -1;

        Sending(Count count, Socket socket) {
            this.count = count;
            this.socket = socket;
        }

        boolean isDone() {
            return held < 0 && count.isTaken();
        }

        @Override
        public void run() throws Exception {
            for (int left = storm.burst(); left > 0; left--) {
                if (held < 0) {
                    held = count.take();
                }
                if (held < 0) {
                    return;
                }
                socket.send(bytes(held));
                held = -1;
            }
        }
    }

    @Test
    @Spec({"ZMQ2", "ZMQ5"})
    void pairMultipart_stormBothWays_partsStayTogether() throws Exception {
        int count = 10_000;
        Socket here = bounded(SocketType.PAIR);
        Socket there = bounded(SocketType.PAIR);
        there.connect(here.bind(ANY_PORT));

        multipart(here, there, count);
        multipart(there, here, count);
        rage();
    }

    private void multipart(Socket from, Socket to, int count) {
        Count sent = new Count(count);
        Count got = new Count(count);
        for (int i = 0; i < 4; i++) {
            int[] held = {-1};
            storm.worker(
                    () -> sent.isTaken() && held[0] < 0,
                    () -> {
                        if (held[0] < 0) {
                            held[0] = sent.take();
                        }
                        if (held[0] >= 0) {
                            byte[] number = bytes(held[0]);
                            from.sendMultipart(List.of(number, new byte[0], number));
                            held[0] = -1;
                        }
                    });
            storm.worker(
                    got::isFull,
                    () -> {
                        List<byte[]> parts = to.recvMultipart();
                        assertThat(parts).hasSize(3);
                        assertThat(parts.get(1)).isEmpty();
                        assertThat(parts.get(2)).isEqualTo(parts.get(0));
                        got.add(number(parts.get(0)));
                    });
        }
    }

    @Test
    @Spec({"ZMQ1", "ZMQ2"})
    void dealerRouter_storm_eachRequestIsAnsweredOnce() throws Exception {
        int count = 5_000;
        Socket router = context.socket(SocketType.ROUTER);
        router.options().routerMandatory(true); // or it drops what is too much for a dealer
        String address = router.bind(ANY_PORT);
        List<Count> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Socket dealer = context.socket(SocketType.DEALER);
            dealer.connect(address);
            Count got = new Count(count);
            all.add(got);
            Sending sending = new Sending(new Count(count), dealer);
            storm.worker(sending::isDone, sending);
            storm.worker(got::isFull, () -> got.add(number(dealer.recv())));
            storm.worker(() -> all.stream().allMatch(Count::isFull), new Answering(router));
        }

        rage();
    }

    /** Sends each message back; torn between the two it still has it. */
    private static final class Answering implements Storm.Step {
        private final Socket socket;
        private List<byte[]> held;

        Answering(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void run() throws Exception {
            if (held == null) {
                held = socket.recvMultipart();
            }
            socket.sendMultipart(held);
            held = null;
        }
    }

    @Test
    @Spec({"ZMQ1", "ZMQ4"})
    void reqRep_storm_takeTurnsAllTheSame() throws Exception {
        int trips = 200;
        Socket rep = context.socket(SocketType.REP);
        String address = rep.bind(ANY_PORT);
        Count all = new Count(50 * trips);
        storm.worker(all::isFull, new Answering(rep));
        for (int i = 0; i < 50; i++) {
            Socket req = context.socket(SocketType.REQ);
            req.connect(address);
            int first = i * trips;
            int[] next = {first};
            boolean[] asked = {false};
            storm.worker(
                    () -> next[0] == first + trips,
                    () -> {
                        if (!asked[0]) {
                            req.send(bytes(next[0]));
                            asked[0] = true;
                        }
                        int answer = number(req.recv());
                        asked[0] = false;
                        assertThat(answer).isEqualTo(next[0]++);
                        all.add(answer);
                    });
        }

        rage();

        assertThat(all.isFull()).isTrue();
    }

    @Test
    @Spec({"ZMQ1", "ZMQ4"})
    void pubSub_storm_eachSubscriberHasAllOfItsOwn() throws Exception {
        int count = 10_000;
        Socket pub = context.socket(SocketType.XPUB);
        pub.options().sendHighWaterMark(0); // no limit
        String address = pub.bind(ANY_PORT);
        Count sent = new Count(count);
        for (int i = 0; i < 3; i++) {
            Socket sub = context.socket(SocketType.SUB);
            sub.options().receiveHighWaterMark(0);
            sub.subscribe(new byte[] {(byte) i});
            sub.connect(address);
            assertThat(pub.recv()).isEqualTo(new byte[] {1, (byte) i});
            int topic = i;
            Count got = new Count(count);
            got.skipUnless(number -> number % 3 == topic);
            storm.worker(got::isFull, () -> got.add(number(tail(sub.recv()))));
        }
        for (int i = 0; i < 3; i++) {
            int[] held = {-1};
            storm.worker(
                    () -> sent.isTaken() && held[0] < 0,
                    () -> {
                        if (held[0] < 0) {
                            held[0] = sent.take();
                        }
                        if (held[0] >= 0) {
                            pub.send(withTopic(held[0]));
                            held[0] = -1;
                        }
                        Evy.yield();
                    });
        }

        rage();
    }

    private static byte[] withTopic(int number) {
        return ByteBuffer.allocate(5).put((byte) (number % 3)).putInt(number).array();
    }

    private static byte[] tail(byte[] message) {
        return java.util.Arrays.copyOfRange(message, 1, message.length);
    }

    @Test
    @Spec({"ZMQ1", "ZMQ2"})
    void thousandSockets_oneHub_allAreServed() throws Exception {
        int pairs = 500;
        int trips = 20;
        GreenPool pool = new GreenPool(2 * pairs);
        int[] answered = {0};

        try (var beside = new Ticker()) {
            for (int i = 0; i < pairs; i++) {
                Socket rep = context.socket(SocketType.REP);
                Socket req = context.socket(SocketType.REQ);
                req.connect(rep.bind(i % 2 == 0 ? ANY_PORT : "inproc://" + i));
                pool.spawnN(
                        () -> {
                            for (int trip = 0; trip < trips; trip++) {
                                rep.send(rep.recv());
                            }
                        });
                int mine = i;
                pool.spawnN(
                        () -> {
                            for (int trip = 0; trip < trips; trip++) {
                                req.send(bytes(mine + trip));
                                assertThat(number(req.recv())).isEqualTo(mine + trip);
                                answered[0]++;
                            }
                        });
            }
            pool.waitAll();
            beside.await(1);
        }

        assertThat(answered[0]).isEqualTo(pairs * trips);
    }

    private static byte[] bytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static int number(byte[] bytes) {
        assertThat(bytes).hasSize(Integer.BYTES);
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** The numbers up to a limit, each to be had once. */
    private static final class Count {
        private final int limit;
        private final BitSet seen = new BitSet();
        private int next;
        private int number;
        private int wanted;

        Count(int limit) {
            this.limit = limit;
            this.wanted = limit;
        }

        /** Only these are to come. */
        void skipUnless(java.util.function.IntPredicate wantedOnes) {
            wanted = (int) java.util.stream.IntStream.range(0, limit).filter(wantedOnes).count();
        }

        /** The next to send; negative if there is none. */
        int take() {
            return next == limit ? -1 : next++;
        }

        boolean isTaken() {
            return next == limit;
        }

        void add(int arrived) {
            assertThat(arrived).isBetween(0, limit - 1);
            assertThat(seen.get(arrived)).as("%d came twice", arrived).isFalse();
            seen.set(arrived);
            number++;
        }

        boolean isFull() {
            return number == wanted;
        }
    }
}
