package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Scope;
import evy.sync.Event;
import evy.sync.LightQueue;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.function.Consumer;

/** What {@code coros} and {@code proc} of the first Eventlet did, by what is here today. */
@ExtendWith(LeakCheckExtension.class)
class CorosTest {
    @Test
    @Spec("OLD4")
    void channel_queueOfSizeZero_handsOverOneByOne() throws Exception {
        Evy.run(
                () -> {
                    var channel = new LightQueue<String>(0);
                    var log = new ArrayList<String>();
                    var sender =
                            Evy.spawn(
                                    () -> {
                                        for (var word : List.of("a", "b")) {
                                            channel.put(word);
                                            log.add("sent " + word);
                                        }
                                        return null;
                                    });
                    Evy.yield();
                    assertThat(log).isEmpty(); // nobody has come for it

                    assertThat(List.of(channel.take(), channel.take())).containsExactly("a", "b");
                    sender.join();
                    assertThat(log).containsExactly("sent a", "sent b");
                    return null;
                });
    }

    /** What an actor does with a message. */
    private interface Receiver<M> {
        void received(M message) throws Exception;
    }

    /** An actor: a mailbox, and a pool that limits how many messages are worked on at once. */
    private record Actor<M>(LightQueue<M> mailbox, GreenThread<?> loop) implements AutoCloseable {
        static <M> Actor<M> start(int concurrency, Receiver<M> receiver) {
            var mailbox = new LightQueue<M>();
            var pool = new GreenPool(concurrency);
            return new Actor<>(
                    mailbox,
                    Evy.spawn(
                            () -> {
                                while (true) {
                                    var message = mailbox.take();
                                    pool.spawnN(() -> receiver.received(message));
                                }
                            }));
        }

        @Override
        public void close() {
            loop.kill();
        }
    }

    @Test
    @Spec("OLD4")
    void actor_concurrencyReached_messagesWaitInTheMailbox() throws Exception {
        Evy.run(
                () -> {
                    var begun = new ArrayList<Integer>();
                    var go = new Event<Void>();
                    Receiver<Integer> receiver =
                            message -> {
                                begun.add(message);
                                go.await();
                            };
                    try (var actor = Actor.start(2, receiver)) {
                        for (int i = 1; i <= 5; i++) {
                            actor.mailbox.put(i);
                        }
                        NetFixtures.settle();
                        assertThat(begun).containsExactly(1, 2);

                        go.send(null);
                        NetFixtures.settle();
                        assertThat(begun).containsExactly(1, 2, 3, 4, 5);
                    }
                    return null;
                });
    }

    @Test
    @Spec("OLD4")
    void actor_messageFails_nextIsReceived() throws Exception {
        Evy.run(
                () -> {
                    var received = new ArrayList<String>();
                    Receiver<String> receiver =
                            message -> {
                                received.add(message);
                                throw new CancellationException("as it should");
                            };
                    try (var actor = Actor.start(1, receiver)) {
                        actor.mailbox.put("one");
                        actor.mailbox.put("two");
                        NetFixtures.settle();

                        assertThat(received).containsExactly("one", "two");
                    }
                    return null;
                });
    }

    @Test
    @Spec("OLD4")
    void coroutinePool_generateResults_comeInOrderOfCompletion() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(3);
                    var results = new ExecutorCompletionService<Integer>(pool);
                    var gates = List.of(new Event<Void>(), new Event<Void>(), new Event<Void>());
                    for (int i = 0; i < 3; i++) {
                        int index = i;
                        results.submit(() -> waitFor(gates.get(index), index));
                    }

                    var order = new ArrayList<Integer>();
                    for (int index : List.of(2, 0, 1)) {
                        gates.get(index).send(null);
                        order.add(results.take().get());
                    }

                    assertThat(order).containsExactly(2, 0, 1);
                    return null;
                });
    }

    private static <T> T waitFor(Event<Void> gate, T result) throws InterruptedException {
        gate.await();
        return result;
    }

    @Test
    @Spec("OLD4")
    void coroutinePool_processAll_isDoneWhenAllAre() throws Exception {
        var pool = new GreenPool(2);
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);

        assertThat(pool.invokeAll(tasks).stream().mapToInt(task -> task.resultNow()).sum())
                .isEqualTo(6);
    }

    /** What is raised in a party whose partner has failed. */
    private static final class LinkedFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        LinkedFailed(Throwable cause) {
            super(cause);
        }
    }

    /** Links a party to a partner: it hears of the partner's failure wherever it waits. */
    private static Consumer<GreenThread<Object>> raiseIn(GreenThread<?> party) {
        return ended -> {
            try {
                ended.join();
            } catch (Exception e) {
                party.kill(new LinkedFailed(e));
            }
        };
    }

    @Test
    @Spec("OLD5")
    void link_partnerFails_isRaisedInTheLinkedParty() throws Exception {
        Evy.run(
                () -> {
                    var never = new Event<Void>();
                    var party = Evy.spawn(() -> waitFor(never, "never"));
                    Evy.yield();
                    GreenThread<Object> partner =
                            Evy.spawn(
                                    () -> {
                                        throw new IOException("disk full");
                                    });
                    partner.link(raiseIn(party));

                    assertThatThrownBy(party::join)
                            .isInstanceOf(LinkedFailed.class)
                            .hasRootCauseMessage("disk full");
                    return null;
                });
    }

    @Test
    @Spec("OLD5")
    void link_partnerCompletesOrIsUnlinked_partyGoesOn() throws Exception {
        Evy.run(
                () -> {
                    var gate = new Event<Void>();
                    var party = Evy.spawn(() -> waitFor(gate, "done"));
                    Evy.yield();
                    GreenThread<Object> completes = Evy.spawn(() -> 1);
                    completes.link(raiseIn(party));
                    GreenThread<Object> fails =
                            Evy.spawn(
                                    () -> {
                                        throw new IOException("nobody's business");
                                    });
                    var link = raiseIn(party);
                    fails.link(link);
                    assertThat(fails.unlink(link)).isTrue();
                    NetFixtures.settle();

                    gate.send(null);

                    assertThat(party.join()).isEqualTo("done");
                    return null;
                });
    }

    @Test
    @Spec("OLD5")
    void link_partnerKilled_isHeardAsAnExit() throws Exception {
        Evy.run(
                () -> {
                    var heard = new Event<Throwable>();
                    var never = new Event<Void>();
                    var partner = Evy.spawn(() -> waitFor(never, 1));
                    partner.link(
                            ended -> {
                                try {
                                    ended.join();
                                } catch (GreenThreadExit e) {
                                    heard.send(e);
                                }
                            });
                    Evy.yield();

                    partner.kill();

                    assertThat(heard.await()).isInstanceOf(GreenThreadExit.class);
                    return null;
                });
    }

    @Test
    @Spec("OLD5")
    void scope_oneFails_killsAllTheOthers() throws Exception {
        Evy.run(
                () -> {
                    var never = new Event<Void>();
                    var ended = new ArrayList<String>();
                    assertThatThrownBy(
                                    () ->
                                            Scope.run(
                                                    scope -> {
                                                        scope.spawn(
                                                                () ->
                                                                        waitAndSay(
                                                                                never, ended,
                                                                                "one"));
                                                        scope.spawn(
                                                                () ->
                                                                        waitAndSay(
                                                                                never, ended,
                                                                                "other"));
                                                        Evy.yield();
                                                        throw new IOException("enough");
                                                    }))
                            .hasMessage("enough");

                    assertThat(ended).containsExactlyInAnyOrder("one", "other");
                    return null;
                });
    }

    private static Object waitAndSay(Event<Void> never, List<String> ended, String name)
            throws InterruptedException {
        try {
            return waitFor(never, name);
        } finally {
            ended.add(name);
        }
    }

    @Test
    @Spec("OLD5")
    void waitAll_several_givesAllResults() throws Exception {
        assertThat(Evy.waitAll(Evy.spawn(() -> 1), Evy.spawn(() -> 2))).containsExactly(1, 2);
    }
}
