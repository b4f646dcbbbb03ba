package evy.io.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks a resolver that blocks, by default that of the operating system, in native threads.
 *
 * <p>The threads are daemons named {@code evy-dns-N}, started as questions come in and ended when
 * they have had none for some seconds. They are apart from those of {@code evy.tpool}: a name
 * server that does not answer must not hold up files and drivers, nor they it. While all are busy,
 * questions wait for one; a question that nobody wants any more is taken back, unless a thread has
 * begun with it, for the system cannot be interrupted.
 *
 * @thread any
 */
public final class SystemResolver implements Resolver, AutoCloseable {
    /** Most questions the system is asked at once, if nothing else is said. */
    public static final int DEFAULT_THREADS = 20;

    private static final long SECONDS_IDLE = 2;

    private final InetAddressResolver blocking;
    private final ThreadPoolExecutor threads;

    /** Asks the operating system. */
    public SystemResolver() {
        this(new BuiltinResolver(), DEFAULT_THREADS);
    }

    /**
     * Asks another resolver that blocks.
     *
     * @param blocking whom; called in native threads, several at once
     * @param threads most questions at once, at least 1
     */
    public SystemResolver(InetAddressResolver blocking, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("number of threads must be >= 1: " + threads);
        }
        this.blocking = blocking;
        this.threads =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        SECONDS_IDLE,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform()
                                .daemon()
                                .inheritInheritableThreadLocals(false)
                                .name("evy-dns-", 1)
                                .factory());
        this.threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public String name() {
        return "system";
    }

    @Override
    public CompletableFuture<Answer> addresses(String host, Family family) {
        return submit(host, () -> Answer.of(addressesNow(host, family)));
    }

    private List<InetAddress> addressesNow(String host, Family family) throws UnknownHostException {
        List<InetAddress> addresses = blocking.lookupByName(host, family.policy()).toList();
        if (addresses.isEmpty()) {
            throw LookupException.noAddress(host, family, name());
        }
        return addresses;
    }

    @Override
    public CompletableFuture<String> name(InetAddress address) {
        return submit(
                address.getHostAddress(), () -> blocking.lookupByAddress(address.getAddress()));
    }

    private <T> CompletableFuture<T> submit(String host, Callable<T> call) {
        Question<T> question = new Question<>(host, call);
        threads.execute(question);
        return question;
    }

    /** Ends the threads. Questions that no thread has begun with are cancelled. Does not wait. */
    @Override
    public void close() {
        for (Runnable left : threads.shutdownNow()) {
            if (left instanceof CompletableFuture<?> question) {
                question.cancel(false);
            }
        }
    }

    /** A question and its answer. */
    private final class Question<T> extends CompletableFuture<T> implements Runnable {
        private final String host;
        private final Callable<T> call;
        private final AtomicBoolean begun = new AtomicBoolean();

        Question(String host, Callable<T> call) {
            this.host = host;
            this.call = call;
        }

        @Override
        public void run() {
            if (!begun.compareAndSet(false, true)) {
                return; // cancelled
            }
            try {
                complete(call.call());
            } catch (UnknownHostException e) {
                completeExceptionally(classified(host, e));
            } catch (Throwable t) {
                completeExceptionally(LookupException.failed(host, t, name()));
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (!begun.compareAndSet(false, true)) {
                return isCancelled();
            }
            threads.remove(this);
            return super.cancel(mayInterruptIfRunning);
        }
    }

    /* The JDK tells in words only what the C library told it in numbers. */
    private LookupException classified(String host, UnknownHostException e) {
        if (e instanceof LookupException known) {
            return known;
        }
        String text = String.valueOf(e.getMessage());
        LookupException found;
        if (text.contains("Temporary failure")) {
            found = LookupException.tryAgain(host, "temporary failure", name());
        } else if (text.contains("No address associated")) {
            found = LookupException.noAddress(host, Family.ANY, name());
        } else {
            found = LookupException.noSuchName(host, "no such name", name());
        }
        found.initCause(e);
        return found;
    }
}
