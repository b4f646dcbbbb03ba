package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.io.GreenSocket;
import evy.patcher.library.Recipes;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** What an imported library does on green threads is green. */
@ExtendWith(LeakCheckExtension.class)
class ImportGreenTest {
    private static final Callable<Object> IS_GREEN = () -> Greenlet.currentOrNull() != null;

    private final Class<?> recipes;

    ImportGreenTest() throws ClassNotFoundException {
        recipes = Library.load(Recipes.class);
    }

    private Object call(String method, Object... arguments) throws Exception {
        return call(recipes, method, arguments);
    }

    private static Object call(Class<?> type, String name, Object... arguments) throws Exception {
        Method method =
                Arrays.stream(type.getMethods())
                        .filter(m -> m.getName().equals(name))
                        .findAny()
                        .orElseThrow();
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    @Test
    @Spec({"PATCH6", "PATCH10"})
    void threadsAndPools_madeOnGreenThread_areGreen() throws Exception {
        for (String way : new String[] {"inThread", "inPool", "inOwnThreads", "inOwnPool"}) {
            assertThat(Evy.run(() -> call(way, IS_GREEN))).as(way).isEqualTo(true);
            assertThat(call(way, IS_GREEN)).as(way).isEqualTo(false);
        }
    }

    @Test
    @Spec("PATCH6")
    void ordinaryClass_isUntouched() throws Exception {
        assertThat(recipes).isNotEqualTo(Recipes.class);
        assertThat(recipes.getName()).isEqualTo(Recipes.class.getName());
        assertThat(Evy.run(() -> Recipes.inThread(IS_GREEN))).isEqualTo(false);
        assertThat(Evy.run(Recipes::socketType)).isEqualTo("java.net.Socket");
    }

    @Test
    @Spec({"PATCH6", "PATCH14"})
    void sockets_madeOnGreenThread_areGreenAndChannelsTheJdks() throws Exception {
        String green = GreenSocket.class.getName();

        assertThat(Evy.run(() -> call("socketType"))).isEqualTo(green);
        assertThat(call("socketType")).isEqualTo("java.net.Socket");
        assertThat((String) Evy.run(() -> call("channelType"))).startsWith("sun.nio.ch.");
    }

    @Test
    @Spec({"PATCH2", "PATCH6", "PATCH14"})
    void only_someGroups_leavesTheRestAsItIs() throws Exception {
        Class<?> threadsOnly = Library.load(Recipes.class, Library.options().only(Group.THREAD));
        Class<?> socketsOnly = Library.load(Recipes.class, Library.options().only(Group.SOCKET));
        Class<?> nothing = Library.load(Recipes.class, Library.options().only());

        assertThat(Evy.run(() -> call(threadsOnly, "inThread", IS_GREEN))).isEqualTo(true);
        assertThat(Evy.run(() -> call(threadsOnly, "socketType"))).isEqualTo("java.net.Socket");
        assertThat(Evy.run(() -> call(socketsOnly, "inThread", IS_GREEN))).isEqualTo(false);
        assertThat(Evy.run(() -> call(socketsOnly, "socketType")))
                .isEqualTo(GreenSocket.class.getName());
        assertThat(Evy.run(() -> call(nothing, "inThread", IS_GREEN))).isEqualTo(false);
        assertThat(Evy.run(() -> call(nothing, "socketType"))).isEqualTo("java.net.Socket");
    }

    @Test
    @Spec({"PATCH11", "MODS1"})
    void serverAndClients_inOnePool_talkOnOneHub() throws Exception {
        Object answers =
                Evy.run(
                        () -> {
                            try (ServerSocket server = (ServerSocket) call("serve")) {
                                return call("talk", server.getLocalPort(), 20);
                            }
                        });

        assertThat(answers).isEqualTo(Collections.nCopies(20, "hi"));
    }

    @Test
    @Spec({"PATCH6", "MODS1"})
    void sleep_torn_endsAtOnce() throws Exception {
        var sleeper = Evy.spawn(() -> call("sleepLong"));
        Evy.sleep(Duration.ofMillis(1));
        sleeper.kill();

        assertThatThrownBy(sleeper::join).isInstanceOf(GreenThreadExit.class);
        Object inTime =
                Evy.run(() -> Timeout.call(Duration.ofMillis(5), () -> call("sleepLong"), "late"));
        assertThat(inTime).isEqualTo("late");
    }

    @Test
    @Spec({"PATCH6", "MODS2"})
    void standardInput_ofGreenThread_isReadOffTheHub() throws Exception {
        InputStream before = System.in;
        Thread[] reader = new Thread[1];
        System.setIn(
                new InputStream() {
                    @Override
                    public int read() {
                        reader[0] = Thread.currentThread();
                        return 'x';
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) {
                        into[offset] = (byte) read();
                        return 1;
                    }
                });
        try {
            assertThat(Evy.run(() -> call("readInput"))).isEqualTo((int) 'x');
        } finally {
            System.setIn(before);
        }

        assertThat(reader[0].isVirtual()).isFalse();
    }

    @Test
    @Spec("PATCH12")
    void lock_heldBeforeTheImport_isWaitedForGreen() throws Exception {
        ReentrantLock lock = (ReentrantLock) call("lock");
        CountDownLatch waiting = new CountDownLatch(1);
        lock.lock(); // by a platform thread
        var changing =
                Evy.spawn(
                        () -> {
                            waiting.countDown();
                            return call("change");
                        });
        waiting.await();
        boolean othersRun = Evy.run(() -> true);
        boolean ended = changing.isDone();
        boolean heldByMe = lock.isHeldByCurrentThread();
        lock.unlock();
        changing.join();

        assertThat(othersRun).isTrue();
        assertThat(ended).isFalse();
        assertThat(heldByMe).isTrue();
        Evy.run(() -> call("awaitChange"));
    }

    @Test
    @Spec("PATCH12")
    void lock_reenteredByGreenThread_keepsOwnerAndDepth() throws Exception {
        ReentrantLock lock = (ReentrantLock) call("lock");

        Evy.run(
                () -> {
                    lock.lock();
                    call("change");
                    assertThat(lock.getHoldCount()).isEqualTo(1);
                    assertThat(lock.isHeldByCurrentThread()).isTrue();
                    lock.unlock();
                });
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    @Spec("PATCH7")
    void original_inPatchedCode_givesRealThreads() throws Exception {
        Callable<Object> isVirtual = () -> Thread.currentThread().isVirtual();

        Object patched = Evy.run(() -> call("inThread", isVirtual));
        Object original = Evy.run(() -> Patcher.original(() -> call("inThread", isVirtual)));
        boolean[] own = {true};
        Thread thread = Patcher.originalThreads().newThread(() -> own[0] = isGreenHere());
        Evy.run(
                () -> {
                    thread.start();
                    thread.join();
                });

        assertThat(patched).isEqualTo(true);
        assertThat(original).isEqualTo(false);
        assertThat(own[0]).isFalse();
        assertThat(Patcher.original(recipes)).isEqualTo(Recipes.class);
        assertThat(Patcher.original(Recipes.class)).isEqualTo(Recipes.class);
    }

    private static boolean isGreenHere() {
        return Greenlet.currentOrNull() != null;
    }

    @Test
    @Spec("PATCH9")
    void thread_startedByForeignCode_isGreenAndKnowsItself() throws Exception {
        Thread[] made = new Thread[1];
        Object[] seen = new Object[2];
        Evy.run(
                () -> {
                    Callable<Object> tell =
                            () -> {
                                seen[0] = Thread.currentThread().isVirtual();
                                return null;
                            };
                    made[0] = (Thread) call("unstarted", task(tell));
                    made[0].start(); // not rewritten
                    while (made[0].getState() != Thread.State.TERMINATED) {
                        Evy.yield();
                    }
                });

        assertThat(seen[0]).isEqualTo(true);
    }

    private static Runnable task(Callable<?> body) {
        return () -> {
            try {
                body.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
