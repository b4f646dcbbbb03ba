package evy.greenness;

import evy.Evy;
import evy.Timeout;
import evy.hubs.Hub;

import java.net.InetSocketAddress;
import java.time.Duration;

/** Measures one row in this JVM and prints one line of JSON. */
public final class Runner {
    /** How many green threads call at once. */
    public static final int CALLERS = 50;

    /** How long the peer takes to answer a measured call. */
    static final Duration DELAY = Duration.ofMillis(300);

    /** A gap of the ticker that nobody minds. */
    static final long GAP_LIMIT_MILLIS = 20;

    /** The best of so many rounds is what counts. */
    static final int ROUNDS = 3;

    /** When a call is to be cut short. */
    static final Duration PATIENCE = Duration.ofMillis(100);

    /** How long that call would take. */
    static final Duration TOO_LONG = Duration.ofSeconds(2);

    private static final int WARM_UPS = 10;
    private static final int MOST_ROUNDS = 8;

    private final Row row;
    private final boolean agent;
    private final Control control;
    private volatile String hub = "";

    /* On a platform thread. */
    private Runner(Row row, boolean agent) {
        this.row = row;
        this.agent = agent;
        control = Control.start(this::printBlocked);
    }

    /**
     * Measures.
     *
     * @param args library, whether the agent is there, host and port of the peer
     */
    public static void main(String[] args) throws Exception {
        Runner runner = new Runner(Rows.of(args[0]), Boolean.parseBoolean(args[1]));
        InetSocketAddress peer = new InetSocketAddress(args[2], Integer.parseInt(args[3]));

        print(Evy.run(() -> runner.measure(peer)));
    }

    /* Ends this JVM, whatever threads the library has left. */
    private static void print(Measurement measurement) {
        System.out.println(measurement.toJson());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void printBlocked() {
        Round round = Round.ofBlockedHub();
        print(
                new Measurement(
                        row.library(), agent, hub, round, round.totalMillis(), round.error()));
    }

    private Measurement measure(InetSocketAddress peer) throws Exception {
        hub = Hub.current().kind();
        row.start(peer);
        for (int i = 0; i < WARM_UPS; i++) {
            Round.of(row, Duration.ZERO, control);
        }
        row.call(Question.of(CALLERS, Duration.ZERO));

        Round best = bestRound();
        long start = System.nanoTime();
        String cut = cutShort();
        long cutMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        return new Measurement(row.library(), agent, hub, best, cutMillis, cut);
    }

    /* Another round only after a bad one; one in which the machine itself halted does not count. */
    private Round bestRound() throws Exception {
        Round best = Round.of(row, DELAY, control);
        int counted = best.isMachineBusy() ? 0 : 1;
        for (int i = 1; i < MOST_ROUNDS && counted < ROUNDS && !best.isGood(); i++) {
            Round round = Round.of(row, DELAY, control);
            if (round.isGood() || round.gapMillis() < best.gapMillis()) {
                best = round;
            }
            if (!round.isMachineBusy()) {
                counted++;
            }
        }
        return best;
    }

    private String cutShort() {
        Timeout timeout = new Timeout(PATIENCE);
        try {
            String answer = timeout.during(() -> row.call(Question.of(CALLERS, TOO_LONG)));
            return "answer: " + answer;
        } catch (Timeout t) {
            return t == timeout ? Measurement.CUT : t.toString();
        } catch (Exception e) {
            return e.toString();
        }
    }
}
