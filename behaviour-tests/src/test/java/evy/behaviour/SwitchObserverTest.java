package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubOptions;
import evy.hubs.SwitchObserver;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who is told of each switch. */
@ExtendWith(LeakCheckExtension.class)
class SwitchObserverTest {
    private static final Duration MILLI = Duration.ofMillis(1);

    @AfterEach
    void stop() {
        Hub.observeSwitches(null);
    }

    /** Notes what it is told of threads with a name, and may look at their stacks. */
    private static class Notes implements SwitchObserver {
        final List<String> told = new ArrayList<>();
        final List<String> waits = new ArrayList<>();

        private void note(String what, Greenlet greenlet) {
            if (!greenlet.thread().getName().isEmpty()) {
                told.add(what + " " + greenlet.thread().getName());
            }
        }

        @Override
        public void begins(Greenlet greenlet) {
            note("begins", greenlet);
        }

        @Override
        public void resumes(Greenlet greenlet) {
            note("resumes", greenlet);
            StackTraceElement[] stack = greenlet.thread().getStackTrace();
            if (Arrays.stream(stack).anyMatch(f -> f.getMethodName().equals("sleepTwice"))) {
                waits.add(String.valueOf(greenlet.waitsFor()));
            }
        }

        @Override
        public void suspends(Greenlet greenlet) {
            note("suspends", greenlet);
        }

        @Override
        public void ends(Greenlet greenlet) {
            note("ends", greenlet);
        }
    }

    private static int sleepTwice() {
        Thread.currentThread().setName("one");
        Evy.sleep(MILLI);
        Evy.sleep(MILLI);
        return 1;
    }

    private static void letObserve(Hub hub) throws Exception {
        hub.call(() -> 0);
    }

    @Test
    @Spec("PROF1")
    void observer_ofAHub_isToldOfEachSwitchAndSeesTheWait() throws Exception {
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("observed"))) {
            Notes notes = new Notes();
            Hub.observeSwitches(h -> h == hub ? notes : new Notes());
            letObserve(hub);

            Evy.spawn(hub, SwitchObserverTest::sleepTwice).join();
            letObserve(hub);

            assertThat(notes.told)
                    .containsExactly(
                            "suspends one",
                            "resumes one",
                            "suspends one",
                            "resumes one",
                            "ends one");
            assertThat(notes.waits).containsExactly("sleep", "sleep");
        }
    }

    @Test
    @Spec("PROF1")
    void observer_ofHubsThatOpenLater_isToldToo() throws Exception {
        List<Hub> observed = new CopyOnWriteArrayList<>();
        Hub.observeSwitches(
                h -> {
                    observed.add(h);
                    return new Notes();
                });

        try (Hub hub = Hub.open()) {
            letObserve(hub);

            assertThat(observed).contains(hub);
        }
    }

    @Test
    void observer_takenAway_isToldNothingMore() throws Exception {
        try (Hub hub = Hub.open()) {
            Notes notes = new Notes();
            Hub.observeSwitches(h -> h == hub ? notes : new Notes());
            letObserve(hub);
            Hub.observeSwitches(null);
            letObserve(hub);

            Evy.spawn(hub, SwitchObserverTest::sleepTwice).join();

            assertThat(notes.told).isEmpty();
        }
    }

    @Test
    void observer_thatFails_isReportedAndHoldsUpNobody() throws Exception {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        HubOptions options = HubOptions.DEFAULT.withExceptionHandler((_, t) -> reported.add(t));
        try (Hub hub = Hub.open(options)) {
            Notes failing =
                    new Notes() {
                        @Override
                        public void resumes(Greenlet greenlet) {
                            throw new IllegalStateException("broken");
                        }
                    };
            Hub.observeSwitches(h -> h == hub ? failing : new Notes());
            letObserve(hub);

            int result = Evy.spawn(hub, SwitchObserverTest::sleepTwice).join();

            assertThat(result).isEqualTo(1);
            assertThat(reported).hasSize(2).allMatch(t -> t.getMessage().equals("broken"));
        }
    }
}
