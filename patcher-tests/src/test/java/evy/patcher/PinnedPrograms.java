package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.io.SocketPair;

import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The programs of {@link PinnedIT}: each waits under a class initialiser, on a green thread. */
/*
 * What other threads run stands outside of the classes that are being initialised: it would wait for
 * the end of that, on any JVM.
 */
final class PinnedPrograms {
    private static final Duration DELAY = Duration.ofMillis(50);

    private static Program program;

    private PinnedPrograms() {}

    /** What is done under the initialiser. */
    private interface Program {
        void run() throws Exception;
    }

    /** Has the program run under its initialiser. */
    private static final class Initialised {
        static {
            try {
                program.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        static void load() {}
    }

    public static void main(String... args) throws Exception {
        Evy.run(() -> start(args[0]));
        System.out.println("DONE");
    }

    private static void start(String name) {
        switch (name) {
            case "socket" -> program = PinnedPrograms::readSocket;
            case "own-socket" -> program = PinnedPrograms::readOwnSocket;
            case "timeout" -> program = PinnedPrograms::readWhatNeverComes;
            case "timed" -> program = PinnedPrograms::sleep;
            case "latch" -> program = PinnedPrograms::awaitPlatformThread;
            case "green" -> {
                joinGreenThread();
                return;
            }
            default -> throw new IllegalArgumentException(name);
        }
        Initialised.load();
    }

    /* By a thread that the patches do not make green: a green one could not run meanwhile. */
    private static void later(Program work) {
        Patcher.originalThreads()
                .newThread(
                        () -> {
                            try {
                                TimeUnit.MILLISECONDS.sleep(DELAY.toMillis());
                                work.run();
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        })
                .start();
    }

    private static void readSocket() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Socket client = new Socket("localhost", listener.getLocalPort());
                Socket server = listener.accept()) {
            later(() -> server.getOutputStream().write(7));

            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    private static void readOwnSocket() throws Exception {
        try (SocketPair pair = Evy.socketPair()) {
            later(() -> pair.second().sendAll(new byte[] {7}));

            assertThat(pair.first().getInputStream().read()).isEqualTo(7);
        }
    }

    private static void readWhatNeverComes() throws Exception {
        try (SocketPair pair = Evy.socketPair()) {
            boolean read = Timeout.run(DELAY, () -> pair.first().getInputStream().read());

            assertThat(read).isFalse();
        }
    }

    /** In both ways. */
    private static void sleep() throws Exception {
        long start = System.nanoTime();

        TimeUnit.NANOSECONDS.sleep(DELAY.toNanos());
        Evy.sleep(DELAY);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2 * DELAY.toNanos());
    }

    /** It knows nothing of the hub. */
    private static void awaitPlatformThread() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        later(latch::countDown);

        latch.await();
    }

    /** It cannot run meanwhile, so only a timeout helps. */
    private static void joinGreenThread() {
        GreenThread<Integer> other = Evy.spawn(() -> 7);
        program =
                () -> {
                    try (Timeout _ = new Timeout(DELAY)) {
                        other.join();
                    }
                };

        assertThatThrownBy(Initialised::load).isInstanceOf(Timeout.class);
        assertThat(other.join()).isEqualTo(7);
    }
}
