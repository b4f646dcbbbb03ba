package evy.patcher.library;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What programs do with executors and timers. Each method tells what it saw. */
public final class ExecutorHabits {
    private ExecutorHabits() {}

    private static List<String> transcript() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    private static String who() {
        Thread me = Thread.currentThread();
        return me.getName().replaceAll("pool-[0-9]+|Timer-[0-9]+", "#") + me.isDaemon();
    }

    private static void end(ExecutorService pool) throws InterruptedException {
        pool.shutdown();
        if (!pool.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still runs: " + pool);
        }
    }

    /** Every kind of pool that has a short name. */
    public static List<String> pools() throws Exception {
        List<String> seen = transcript();
        for (ExecutorService pool :
                List.of(
                        Executors.newFixedThreadPool(2),
                        Executors.newCachedThreadPool(),
                        Executors.newSingleThreadExecutor(),
                        Executors.newScheduledThreadPool(1),
                        Executors.newSingleThreadScheduledExecutor(),
                        Executors.newThreadPerTaskExecutor(Executors.defaultThreadFactory()))) {
            Callable<String> task = ExecutorHabits::who;
            seen.add(pool.submit(task).get());
            seen.add(pool.submit(task).get().replaceAll("-[12]", "-n")); // which is idle varies
            end(pool);
        }
        return seen;
    }

    /** A factory of the library's own. */
    public static List<String> ownFactory() throws Exception {
        List<String> seen = transcript();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(task, "own");
                            thread.setDaemon(true);
                            return thread;
                        });
        ThreadFactory factory = pool.getThreadFactory();
        seen.add(pool.submit(ExecutorHabits::who).get());
        pool.setThreadFactory(factory);
        seen.add("same " + (pool.getThreadFactory() == factory));
        end(pool);
        return seen;
    }

    /** Every kind of pool with a factory of the library's own. */
    public static List<String> poolsOfOwnThreads() throws Exception {
        List<String> seen = transcript();
        ThreadFactory factory = task -> new Thread(task, "own");
        for (ExecutorService pool :
                List.of(
                        Executors.newFixedThreadPool(1, factory),
                        Executors.newCachedThreadPool(factory),
                        Executors.newSingleThreadExecutor(factory),
                        Executors.newScheduledThreadPool(1, factory),
                        Executors.newSingleThreadScheduledExecutor(factory),
                        Executors.newThreadPerTaskExecutor(factory),
                        new ScheduledThreadPoolExecutor(1, factory))) {
            seen.add(pool.submit(ExecutorHabits::who).get());
            end(pool);
        }
        return seen;
    }

    /** Schedulers with an answer of their own to what comes too late. */
    public static List<String> refusingSchedulers() throws Exception {
        List<String> seen = transcript();
        ThreadFactory factory = task -> new Thread(task, "own");
        for (ScheduledThreadPoolExecutor pool :
                List.of(
                        new ScheduledThreadPoolExecutor(1, (task, where) -> seen.add("refused")),
                        new ScheduledThreadPoolExecutor(
                                1,
                                task -> new Thread(task, "unused"),
                                (task, where) -> seen.add("refused by another")))) {
            pool.setThreadFactory(factory);
            seen.add("same " + (pool.getThreadFactory() == factory));
            seen.add(pool.submit(ExecutorHabits::who).get());
            end(pool);
            pool.execute(() -> seen.add("never"));
        }
        seen.add(failure(() -> new ScheduledThreadPoolExecutor(1, (ThreadFactory) null)));
        return seen;
    }

    /** Subclasses, and tasks that are refused. */
    public static List<String> subclasses() throws Exception {
        List<String> seen = transcript();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        (task, where) -> seen.add("refused")) {
                    @Override
                    protected void beforeExecute(Thread thread, Runnable task) {
                        seen.add("before " + thread.getName().replaceAll("[0-9]+", "#"));
                    }
                };
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        pool.execute(
                () -> {
                    begun.countDown();
                    await(release);
                });
        begun.await();
        pool.execute(() -> seen.add("never"));
        release.countDown();
        end(pool);
        ThreadPoolExecutor plain =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        seen.add(plain.submit(ExecutorHabits::who).get() + plain.getPoolSize());
        end(plain);
        try {
            plain.execute(() -> {});
        } catch (RejectedExecutionException e) {
            seen.add("rejected");
        }
        return seen;
    }

    /** Later, again and again, and not any more. */
    public static List<String> scheduled() throws Exception {
        List<String> seen = transcript();
        ScheduledExecutorService pool = new ScheduledThreadPoolExecutor(1);
        CountDownLatch thrice = new CountDownLatch(3);
        var repeated =
                pool.scheduleAtFixedRate(
                        () -> {
                            if (thrice.getCount() > 0) {
                                seen.add(who());
                            }
                            thrice.countDown();
                        },
                        1,
                        1,
                        TimeUnit.MILLISECONDS);
        thrice.await();
        repeated.cancel(false);
        seen.add("later " + pool.schedule(() -> 5, 1, TimeUnit.MILLISECONDS).get());
        end(pool);
        return seen;
    }

    /** Workers that wait are interrupted. */
    public static List<String> shutdownNow() throws Exception {
        List<String> seen = transcript();
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CountDownLatch begun = new CountDownLatch(1);
        pool.execute(
                () -> {
                    begun.countDown();
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        seen.add("interrupted");
                    }
                });
        pool.execute(() -> seen.add("never"));
        begun.await();
        int left = pool.shutdownNow().size();
        end(pool);
        seen.add("left " + left);
        return seen;
    }

    /** Timers: once, again and again, cancelled. */
    public static List<String> timers() throws Exception {
        List<String> seen = transcript();
        Timer timer = new Timer("clock", true);
        CountDownLatch once = new CountDownLatch(1);
        TimerTask first = task(() -> seen.add(who()), once);
        timer.schedule(first, 1);
        once.await();
        CountDownLatch again = new CountDownLatch(3);
        TimerTask repeated = task(() -> {}, again);
        timer.schedule(repeated, new Date(), 1);
        again.await();
        seen.add("cancelled " + repeated.cancel() + repeated.cancel());
        CountDownLatch fixed = new CountDownLatch(2);
        TimerTask atRate = task(() -> {}, fixed);
        timer.scheduleAtFixedRate(atRate, 1, 1);
        fixed.await();
        atRate.cancel();
        TimerTask far = task(() -> seen.add("never"), new CountDownLatch(1));
        timer.schedule(far, 60_000);
        long due = far.scheduledExecutionTime() - System.currentTimeMillis();
        seen.add("due " + (due > 50_000 && due <= 60_000));
        seen.add("cancelled " + far.cancel() + (timer.purge() > 0));
        seen.add(failure(() -> timer.schedule(far, 1)));
        seen.add(failure(() -> timer.schedule(task(() -> {}, once), -1)));
        TimerTask early = task(() -> seen.add("never"), once);
        seen.add("unscheduled " + early.cancel());
        seen.add(failure(() -> timer.schedule(early, 1)));
        timer.cancel();
        seen.add(failure(() -> timer.schedule(task(() -> {}, once), 1)));
        return seen;
    }

    /** Timers made in other ways, at dates and again and again. */
    public static List<String> moreTimers() throws Exception {
        List<String> seen = transcript();
        for (Timer timer :
                List.of(new Timer(), new Timer(true), new Timer("clock"), new Timer("d", true))) {
            CountDownLatch done = new CountDownLatch(7);
            timer.schedule(task(() -> seen.add(who()), done), new Date());
            timer.schedule(task(() -> {}, done), 0, 1);
            timer.scheduleAtFixedRate(task(() -> {}, done), new Date(), 1);
            done.await();
            timer.cancel();
        }
        return seen;
    }

    /** A task that fails ends its timer. */
    public static List<String> timerFails() throws Exception {
        List<String> seen = transcript();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        CountDownLatch told = new CountDownLatch(1);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> {
                    seen.add(thread.getName() + e.getMessage());
                    told.countDown();
                });
        try {
            Timer timer = new Timer("fails", true);
            timer.schedule(
                    task(
                            () -> {
                                throw new IllegalStateException("task");
                            },
                            told),
                    1);
            told.await();
            while (failure(() -> timer.schedule(task(() -> {}, told), 60_000)) == null) {
                Thread.sleep(1);
            }
            seen.add(failure(() -> timer.schedule(task(() -> {}, told), 1)));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        return seen;
    }

    private static TimerTask task(Runnable what, CountDownLatch done) {
        return new TimerTask() {
            @Override
            public void run() {
                what.run();
                done.countDown();
            }
        };
    }

    private static String failure(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
