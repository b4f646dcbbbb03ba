package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Body;
import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Platform;
import evy.debug.BlockCause;
import evy.debug.Debug;
import evy.debug.HubBlock;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Each cause for which a hub is blocked, brought about for real. */
@ExtendWith(LeakCheckExtension.class)
class HubBlockingCausesIT {
    private static final Duration RESOLUTION = Duration.ofMillis(50);

    private final List<HubBlock> found = new CopyOnWriteArrayList<>();
    private final CountDownLatch isFound = new CountDownLatch(1);
    private Hub hub;

    @BeforeEach
    void open() {
        hub = Hub.open();
        Evy.spawn(hub, HubBlockingCausesIT::warmUp).join();
        Debug.hubBlockingDetection(RESOLUTION, this::note);
    }

    /* Links and loads what is needed, which may take longer than the resolution. */
    private static void warmUp() {
        Native.sleep(1);
        Native.callBack(() -> {});
    }

    @AfterEach
    void close() {
        Debug.hubBlockingDetection(false);
        hub.close();
    }

    private void note(HubBlock block) {
        if (block.hub().equals(hub.name()) && !block.over()) {
            found.add(block);
            isFound.countDown();
        }
    }

    private void awaitFound() {
        try {
            assertThat(isFound.await(NetFixtures.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What is told of a green thread that does this. */
    private HubBlock blockBy(Body<Exception> body) {
        GreenThread<?> blocks = Evy.spawn(hub, body);
        blocks.join();

        assertThat(found).isNotEmpty();
        assertThat(found.getFirst().greenThread()).isSameAs(blocks);
        return found.getFirst();
    }

    @Test
    @Spec("DBG4")
    void computing_saysSo() {
        HubBlock block = blockBy(this::compute);

        assertThat(block.cause()).isEqualTo(BlockCause.COMPUTING);
        assertThat(block.text()).contains(" computes, in evy.behaviour.HubBlockingCausesIT.comp");
    }

    private void compute() {
        long end = System.nanoTime() + NetFixtures.LONG.toNanos();
        while (isFound.getCount() > 0 && System.nanoTime() - end < 0) {
            for (int i = 0; i < 10_000 && isFound.getCount() > 0; i++) {
                Thread.onSpinWait(); // mostly: interpreted, the clock is a native call
            }
        }
    }

    /* The stack of such a call shows its caller only. */
    @Test
    @Spec("DBG4")
    void nativeCall_byForeignFunction_saysSo() {
        HubBlock block = blockBy(this::sleepNatively);

        assertThat(block.cause()).isEqualTo(BlockCause.NATIVE_CALL);
        assertThat(block.text()).contains(" is in native code, in evy.behaviour.HubBlock");
        assertThat(block.stack()).noneMatch(StackTraceElement::isNativeMethod);
    }

    private void sleepNatively() {
        long end = System.nanoTime() + NetFixtures.LONG.toNanos();
        while (isFound.getCount() > 0 && System.nanoTime() - end < 0) {
            Native.sleep(300_000);
        }
    }

    @Test
    @Spec("DBG4")
    void wait_underNativeFrame_isPinned() {
        HubBlock block = blockBy(() -> Native.callBack(this::awaitFound));

        assertThat(block.cause()).isEqualTo(BlockCause.PINNED_WAIT);
        assertThat(block.text()).contains(" waits and cannot be switched, in ").contains("park");
        assertThat(block.place()).endsWith("HubBlockingCausesIT.awaitFound");
    }

    @Test
    @Spec("DBG4")
    void monitor_underNativeFrame_isPinned() throws Exception {
        Object lock = new Object();
        CountDownLatch held = new CountDownLatch(1);
        Body<Exception> enter =
                () ->
                        Native.callBack(
                                () -> {
                                    synchronized (lock) {
                                        assertThat(isFound.getCount()).isZero();
                                    }
                                });
        try (Platform<?> holder = Platform.start(() -> holdUntilFound(lock, held))) {
            held.await();

            HubBlock block = blockBy(enter);

            assertThat(block.cause()).isEqualTo(BlockCause.MONITOR);
            assertThat(block.text()).contains(" waits for a monitor and cannot be switched, in ");
            holder.get();
        }
    }

    private boolean holdUntilFound(Object lock, CountDownLatch held) {
        synchronized (lock) {
            held.countDown();
            awaitFound();
        }
        return true;
    }

    @Test
    @Spec("DBG4")
    void classInitialiser_thatWaits_isNamed() {
        Initialised.work = this::awaitFound;

        HubBlock block = blockBy(Initialised::touch);

        assertThat(block.cause()).isEqualTo(BlockCause.CLASS_INITIALIZER);
        assertThat(block.text()).contains(" is in a class initialiser, in ").contains("<clinit>");
    }

    /** Does its work when what is in it is initialised. */
    private static final class Initialised {
        static Runnable work = () -> {};

        private static final class Late {
            static final boolean DONE = run();

            static boolean run() {
                work.run();
                return true;
            }
        }

        static void touch() {
            assertThat(Late.DONE).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "collector pauses, -XX:+UseSerialGC, garbage collector.pause",
        "stops, -XX:+UseSerialGC, JVM or machine.pause"
    })
    @Spec("DBG4")
    void pauseOfTheJvm_inMidstOfAStretch_isToldOfAndNotBlamedOnIt(
            String program, String collector, String place) throws Exception {
        try (RobustnessChild child = RobustnessChild.start(program, collector, "-Xmx1g")) {
            assertThat(child.exit()).as("%s %s", child.out(), child.err()).isZero();

            assertThat(child.out())
                    .contains("hub '*' was blocked for ")
                    .contains("it stood still with the whole JVM, in " + place)
                    .containsPattern("blamed: 0 of [1-5]");
        }
    }

    /** Functions of the C library. */
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final MethodHandle USLEEP =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("usleep"),
                        FunctionDescriptor.of(INT, INT));
        private static final MethodHandle QSORT =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("qsort"),
                        FunctionDescriptor.ofVoid(
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS));

        static void sleep(int micros) {
            try {
                int result = (int) USLEEP.invokeExact(micros);
                assertThat(result).isZero();
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }

        /** Calls it from native code, which compares two numbers by it. */
        static void callBack(Runnable body) {
            try (Arena arena = Arena.ofConfined()) {
                MethodHandle compare =
                        MethodHandles.lookup()
                                .findStatic(
                                        Native.class,
                                        "compare",
                                        MethodType.methodType(
                                                int.class,
                                                Runnable.class,
                                                MemorySegment.class,
                                                MemorySegment.class));
                MemorySegment stub =
                        LINKER.upcallStub(
                                compare.bindTo(body),
                                FunctionDescriptor.of(
                                        INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                                arena);
                QSORT.invokeExact(arena.allocate(INT, 2), 2L, INT.byteSize(), stub);
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }

        @SuppressWarnings("unused") // by qsort
        private static int compare(Runnable body, MemorySegment a, MemorySegment b) {
            body.run();
            return 0;
        }
    }
}
