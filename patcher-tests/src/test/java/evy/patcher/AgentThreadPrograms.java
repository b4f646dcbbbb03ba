package evy.patcher;

import evy.Evy;
import evy.hubs.Greenlet;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Programs that {@link AgentThreadIT} runs with the agent: plain threads, pools and timers. */
final class AgentThreadPrograms {
    private AgentThreadPrograms() {}

    private static Object isGreen() {
        return Greenlet.currentOrNull() != null;
    }

    /** Where threads, pools and timers run that the current thread makes. */
    private static String places() throws Exception {
        Object[] seen = new Object[4];
        Thread thread = new Thread(() -> seen[0] = isGreen());
        thread.start();
        thread.join();
        ExecutorService pool = Executors.newFixedThreadPool(1);
        seen[1] = pool.submit((Callable<Object>) AgentThreadPrograms::isGreen).get();
        pool.shutdown();
        CountDownLatch done = new CountDownLatch(1);
        Timer timer = new Timer(true);
        TimerTask task =
                new TimerTask() {
                    @Override
                    public void run() {
                        seen[2] = isGreen();
                        done.countDown();
                    }
                };
        timer.schedule(task, 1);
        done.await();
        timer.cancel();
        Own own = new Own();
        own.start();
        own.join();
        seen[3] = own.seen;
        return java.util.List.of(seen).toString();
    }

    /** A thread of the program's own. */
    private static final class Own extends Thread {
        private Object seen = "nothing";

        @Override
        public void run() {
            seen = isGreen() + "" + (currentThread() == this);
        }
    }

    /** On a green thread and off. */
    static final class Places {
        private Places() {}

        public static void main(String... args) throws Exception {
            System.out.println(places());
            System.out.println(Evy.run(AgentThreadPrograms::places));
        }
    }

    /** Before the group is patched, and after. */
    static final class Late {
        private Late() {}

        public static void main(String... args) throws Exception {
            System.out.println(Evy.run(AgentThreadPrograms::places));
            Patcher.monkeyPatch(Group.THREAD);
            Patcher.monkeyPatch(Group.THREAD);
            System.out.println(Evy.run(AgentThreadPrograms::places));
            System.out.println(Patcher.isMonkeyPatched("thread"));
        }
    }

    /** A green thread that is no daemon outlives main; a daemon does not. */
    static final class Survivor {
        private static final CountDownLatch MAIN_ENDS = new CountDownLatch(1);

        private Survivor() {}

        public static void main(String... args) throws Exception {
            Evy.run(
                    () -> {
                        Thread daemon = new Thread(() -> sleep(60_000));
                        daemon.setDaemon(true);
                        daemon.start();
                        new Thread(
                                        () -> {
                                            await(MAIN_ENDS);
                                            sleep(50);
                                            System.out.println("last");
                                        })
                                .start();
                    });
            System.out.println("main ends");
            MAIN_ENDS.countDown();
        }
    }

    /** A hook runs to its end. */
    static final class Hook {
        private Hook() {}

        public static void main(String... args) {
            Evy.run(
                    () -> {
                        Thread hook =
                                new Thread(
                                        () -> {
                                            sleep(20);
                                            System.out.println("hook " + isGreen());
                                        });
                        Runtime.getRuntime().addShutdownHook(hook);
                    });
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
