package evy.patcher.library;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What programs do with threads. Each method tells what it saw. */
public final class ThreadHabits {
    private ThreadHabits() {}

    private static List<String> transcript() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    private static String name(Thread thread) {
        return thread.getName().replaceAll("[0-9]+", "#");
    }

    /** Names, flags and groups, before it runs and in it. */
    public static List<String> properties() throws Exception {
        List<String> seen = transcript();
        ThreadGroup group = new ThreadGroup("mine");
        Thread thread =
                new Thread(
                        group,
                        () -> {
                            Thread me = Thread.currentThread();
                            seen.add(name(me) + me.isDaemon() + me.getPriority() + me.isVirtual());
                            seen.add(String.valueOf(me.getThreadGroup().getName()));
                            me.setName("renamed");
                            Thread child = new Thread();
                            seen.add("child " + name(child) + child.isDaemon());
                        },
                        "named",
                        1 << 16);
        seen.add(name(thread) + thread.isDaemon() + thread.isAlive() + thread.getState());
        thread.setDaemon(true);
        thread.setPriority(3);
        thread.start();
        thread.join();
        seen.add(name(thread) + thread.isDaemon() + thread.isAlive() + thread.getState());
        seen.add(String.valueOf(thread.getThreadGroup()));
        seen.add(name(new Thread()) + name(new Thread(() -> {})) + name(new Thread("a")));
        seen.add("" + new Thread().isDaemon());
        return seen;
    }

    /** Threads of a group, and what they are doing. */
    public static List<String> groups() throws Exception {
        List<String> seen = transcript();
        ThreadGroup group = new ThreadGroup("mine");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread =
                new Thread(
                        group,
                        () -> {
                            begun.countDown();
                            awaitQuietly(end);
                        });
        Thread named = new Thread(group, "named");
        seen.add(name(thread) + thread.getThreadGroup().getName());
        seen.add(name(named) + named.getThreadGroup().getName());
        seen.add("unstarted " + thread.getStackTrace().length);
        thread.start();
        begun.await();
        until(
                () ->
                        Stream.of(thread.getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().equals("awaitQuietly")));
        end.countDown();
        thread.join();
        named.start();
        named.join();
        seen.add("ended " + thread.getStackTrace().length + named.getState());
        return seen;
    }

    /** A subclass that is its own state. */
    public static List<String> subclass() throws Exception {
        List<String> seen = transcript();
        Worker worker = new Worker(seen);
        worker.start();
        worker.join();
        seen.add("result " + worker.result);
        return seen;
    }

    /** Overrides what threads let one override. */
    private static final class Worker extends Thread {
        private final List<String> seen;
        private final CountDownLatch running = new CountDownLatch(1);
        private int result;

        Worker(List<String> seen) {
            super("worker");
            this.seen = seen;
        }

        @Override
        public synchronized void start() {
            seen.add("starts " + getState());
            super.start();
        }

        @Override
        public void run() {
            seen.add("it is " + (Thread.currentThread() == this) + isAlive() + getState());
            running.countDown();
            ((Worker) Thread.currentThread()).result = 7;
        }
    }

    /** Life and death, and what cannot be done then. */
    public static List<String> life() throws Exception {
        List<String> seen = transcript();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread =
                new Thread(
                        () -> {
                            begun.countDown();
                            awaitQuietly(end);
                        });
        thread.join();
        seen.add("unstarted " + thread.isAlive());
        seen.add(failure(() -> thread.join(Duration.ofMillis(1))));
        thread.start();
        begun.await();
        seen.add("alive " + thread.isAlive());
        thread.join(5);
        thread.join(1, 1);
        seen.add("joined " + thread.join(Duration.ofMillis(5)) + thread.isAlive());
        seen.add(failure(thread::start));
        seen.add(failure(() -> thread.setDaemon(true)));
        seen.add(failure(() -> thread.join(-1)));
        end.countDown();
        seen.add("joined " + thread.join(Duration.ofSeconds(30)) + thread.isAlive());
        seen.add(failure(thread::start) + thread.getUncaughtExceptionHandler());
        return seen;
    }

    /** Interrupts, of others and itself. */
    public static List<String> interrupts() throws Exception {
        List<String> seen = transcript();
        AtomicBoolean done = new AtomicBoolean();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                Thread.sleep(60_000);
                            } catch (InterruptedException e) {
                                seen.add("slept " + Thread.currentThread().isInterrupted());
                            }
                            Thread.currentThread().interrupt();
                            seen.add("own " + Thread.currentThread().isInterrupted());
                            seen.add("cleared " + Thread.interrupted() + Thread.interrupted());
                            try {
                                Thread.currentThread().interrupt();
                                Thread.sleep(1);
                            } catch (InterruptedException e) {
                                seen.add("at once " + Thread.interrupted());
                            }
                            while (!done.get()) {
                                LockSupport.park();
                            }
                            seen.add("unparked");
                        });
        thread.start();
        until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        thread.interrupt();
        until(() -> thread.getState() == Thread.State.WAITING);
        done.set(true);
        LockSupport.unpark(thread);
        thread.join();
        Thread waiting = Thread.currentThread();
        Thread interrupter = new Thread(waiting::interrupt);
        Thread forever = new Thread(() -> awaitQuietly(new CountDownLatch(1)));
        forever.setDaemon(true);
        forever.start();
        interrupter.start();
        seen.add(failure(() -> forever.join()));
        forever.interrupt();
        forever.join();
        return seen;
    }

    /** Closes what it waits for when it is interrupted, as old programs do. */
    public static List<String> interruptOverridden() throws Exception {
        List<String> seen = transcript();
        SynchronousQueue<String> queue = new SynchronousQueue<>();
        Thread reader =
                new Thread() {
                    @Override
                    public void run() {
                        try {
                            seen.add(queue.take());
                        } catch (InterruptedException e) {
                            seen.add("interrupted");
                        }
                    }

                    @Override
                    public void interrupt() {
                        seen.add("closing");
                        super.interrupt();
                    }
                };
        reader.start();
        until(() -> reader.getState() == Thread.State.WAITING);
        reader.interrupt();
        reader.join();
        return seen;
    }

    /** Exceptions that nobody catches. */
    public static List<String> uncaught() throws Exception {
        List<String> seen = transcript();
        Thread own =
                new Thread(
                        () -> {
                            throw new IllegalStateException("own");
                        },
                        "own");
        own.setUncaughtExceptionHandler(
                (t, e) -> seen.add(name(t) + (t == own) + t.isAlive() + e.getMessage()));
        own.start();
        own.join();
        ThreadGroup group =
                new ThreadGroup("group") {
                    @Override
                    public void uncaughtException(Thread t, Throwable e) {
                        seen.add("group of " + name(t) + e.getMessage());
                    }
                };
        Thread grouped =
                new Thread(
                        group,
                        () -> {
                            throw new Error("grouped");
                        },
                        "grouped");
        grouped.start();
        grouped.join();
        return seen;
    }

    /** What a thread inherits from the one that makes it. */
    public static List<String> inheritance() throws Exception {
        List<String> seen = transcript();
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        ThreadLocal<String> plain = ThreadLocal.withInitial(() -> "initial");
        local.set("inherited");
        plain.set("mine");
        ClassLoader loader = new ClassLoader(null) {};
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        Runnable tell =
                () -> {
                    ClassLoader context = Thread.currentThread().getContextClassLoader();
                    seen.add(local.get() + plain.get() + (context == loader));
                };
        try {
            Thread heir = new Thread(tell);
            Thread stranger = new Thread(null, tell, "stranger", 0, false);
            local.set("changed");
            Thread.currentThread().setContextClassLoader(before);
            heir.start();
            heir.join();
            stranger.start();
            stranger.join();
            Thread given = new Thread(tell);
            given.setContextClassLoader(loader);
            seen.add("given " + (given.getContextClassLoader() == loader));
            given.start();
            given.join();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            local.remove();
        }
        return seen;
    }

    /** Method references and builders in place of plain calls. */
    public static List<String> references() throws Exception {
        List<String> seen = transcript();
        Function<Runnable, Thread> maker = Thread::new;
        Supplier<Thread> who = Thread::currentThread;
        AtomicReference<Thread> self = new AtomicReference<>();
        Thread thread = maker.apply(() -> seen.add("self " + (who.get() == self.get())));
        self.set(thread);
        Function<Thread, Boolean> alive = Thread::isAlive;
        thread.start();
        until(() -> !alive.apply(thread));
        Thread built =
                Thread.ofPlatform()
                        .name("built-", 1)
                        .priority(2)
                        .unstarted(() -> seen.add(name(Thread.currentThread())));
        seen.add(name(built) + built.isDaemon() + built.getPriority());
        built.start();
        built.join();
        Thread daemon = Thread.ofPlatform().daemon().factory().newThread(() -> {});
        seen.add("daemon " + daemon.isDaemon());
        Thread.ofPlatform().name("started").start(() -> seen.add("started")).join();
        return seen;
    }

    /** Arguments that depend on conditions, between NEW and the call of the constructor. */
    public static List<String> conditionalArguments() throws Exception {
        List<String> seen = transcript();
        for (int i = 0; i < 3; i++) {
            int number = i;
            Thread thread =
                    new Thread(
                            i == 0 ? () -> seen.add("zero") : () -> seen.add("other"),
                            switch (number) {
                                case 0 -> "a";
                                case 1 -> {
                                    try {
                                        yield String.valueOf(Integer.parseInt("x"));
                                    } catch (NumberFormatException e) {
                                        yield new Thread("inner").getName();
                                    }
                                }
                                default -> new Thread(new Thread("b").getName()).getName();
                            });
            seen.add(thread.getName());
            thread.start();
            thread.join();
        }
        return seen;
    }

    /** Monitors and spinning. */
    public static List<String> monitors() throws Exception {
        List<String> seen = transcript();
        Object lock = new Object();
        boolean[] set = {false, false};
        Thread thread =
                new Thread(
                        () -> {
                            synchronized (lock) {
                                seen.add("holds " + Thread.holdsLock(lock));
                                set[0] = true;
                                lock.notifyAll();
                            }
                            while (!isSet(set)) {
                                Thread.onSpinWait();
                            }
                            seen.add("spun");
                        });
        synchronized (lock) {
            thread.start();
            while (!set[0]) {
                lock.wait(10_000);
            }
            seen.add("notified");
        }
        synchronized (set) {
            set[1] = true;
        }
        thread.join();
        return seen;
    }

    private static boolean isSet(boolean[] flags) {
        synchronized (flags) {
            return flags[1];
        }
    }

    /** What a call throws. */
    private interface Call {
        void run() throws Exception;
    }

    private static String failure(Call call) {
        try {
            call.run();
            return "no failure";
        } catch (Exception e) {
            return e.getClass().getName();
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
