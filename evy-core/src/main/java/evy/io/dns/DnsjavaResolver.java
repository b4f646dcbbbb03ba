package evy.io.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * Asks name servers by the library dnsjava, which must be there: UDP first, TCP if an answer does
 * not fit, one server after the other, both address families at once. What it says of the one
 * counts even if there is nothing to be learnt of the other.
 *
 * <p>dnsjava has one thread of its own for all its sockets. The resolver starts nothing before it
 * is first asked.
 *
 * <p>A packet that is no answer to what was asked is not taken for one. From another sender it is
 * not even seen; with the wrong number or question it makes the resolver ask the same server again
 * by TCP, which nobody can put words into.
 *
 * @thread any
 */
public final class DnsjavaResolver implements Resolver {
    private final DnsjavaOptions options;

    // guarded by this; what it is made from is read on a thread of its own
    private @Nullable CompletableFuture<LookupSession> session;

    /**
     * A resolver that asks name servers.
     *
     * @param options which, and how
     * @throws IllegalStateException if the library dnsjava is not there; the message says what to
     *     do
     */
    public DnsjavaResolver(DnsjavaOptions options) {
        Libraries.requireDnsjava();
        this.options = options;
    }

    @Override
    public String name() {
        return "dnsjava";
    }

    @Override
    public CompletableFuture<Answer> addresses(String host, Family family) {
        Name name;
        try {
            name = Name.fromString(host);
        } catch (TextParseException e) {
            return CompletableFuture.failedFuture(
                    LookupException.noSuchName(host, "no valid name", name()));
        }
        return session().thenCompose(session -> addresses(session, host, name, family));
    }

    private CompletableFuture<Answer> addresses(
            LookupSession session, String host, Name name, Family family) {
        CompletableFuture<Half> four = half(session, name, Type.A, family != Family.INET6);
        CompletableFuture<Half> six = half(session, name, Type.AAAA, family != Family.INET);
        return four.thenCombine(six, (a, b) -> answer(host, family, a, b));
    }

    private static CompletableFuture<Half> half(
            LookupSession session, Name name, int type, boolean wanted) {
        if (!wanted) {
            return CompletableFuture.completedFuture(Half.NONE);
        }
        return session.lookupAsync(name, type).handle(Half::of).toCompletableFuture();
    }

    /* Of two failures the one that says more counts. */
    private Answer answer(String host, Family family, Half four, Half six) {
        List<Record> records = new ArrayList<>(four.records());
        records.addAll(six.records());
        if (records.isEmpty()) {
            throw new CompletionException(failure(host, family, four, six));
        }
        List<InetAddress> addresses = new ArrayList<>();
        long seconds = Long.MAX_VALUE;
        for (Record record : records) {
            addresses.add(
                    record instanceof ARecord a
                            ? a.getAddress()
                            : ((AAAARecord) record).getAddress());
            seconds = Math.min(seconds, record.getTTL());
        }
        return new Answer(
                addresses,
                text(records.getFirst().getName()),
                four.records().isEmpty() ? six.aliases() : four.aliases(),
                Duration.ofSeconds(seconds));
    }

    private LookupException failure(String host, Family family, Half four, Half six) {
        Throwable first = four.failure();
        Throwable second = six.failure();
        for (Throwable failure : new Throwable[] {first, second}) {
            if (failure != null
                    && !(failure instanceof NoSuchRRSetException)
                    && !(failure instanceof NoSuchDomainException)) {
                return explained(host, failure);
            }
        }
        if (first instanceof NoSuchDomainException || second instanceof NoSuchDomainException) {
            return LookupException.noSuchName(host, "no such name", name());
        }
        return LookupException.noAddress(host, family, name());
    }

    @Override
    public CompletableFuture<String> name(InetAddress address) {
        String host = address.getHostAddress();
        return session()
                .thenCompose(
                        session -> session.lookupAsync(ReverseMap.fromAddress(address), Type.PTR))
                .handle((result, failure) -> pointedTo(host, Half.of(result, failure)));
    }

    private String pointedTo(String host, Half half) {
        for (Record record : half.records()) {
            if (record instanceof PTRRecord pointer) {
                return text(pointer.getTarget());
            }
        }
        Throwable failure = half.failure();
        throw new CompletionException(
                failure == null
                                || failure instanceof NoSuchDomainException
                                || failure instanceof NoSuchRRSetException
                        ? LookupException.noSuchName(host, "no name", name())
                        : explained(host, failure));
    }

    private LookupException explained(String host, Throwable failure) {
        LookupException e;
        if (failure instanceof SocketTimeoutException || failure instanceof TimeoutException) {
            e =
                    new LookupException(
                            LookupException.Reason.TIMED_OUT,
                            host
                                    + ": timed out, "
                                    + (options.retries() + 1)
                                    + " attempts of "
                                    + options.attempt().toMillis()
                                    + " ms with each server (resolver 'dnsjava'); try again later");
        } else if (failure instanceof ServerFailedException) {
            e = LookupException.tryAgain(host, "server failure", name());
        } else if (failure instanceof IOException) {
            e = LookupException.tryAgain(host, "no server can be reached: " + failure, name());
        } else {
            return LookupException.failed(host, failure, name());
        }
        e.initCause(failure);
        return e;
    }

    private static String text(Name name) {
        return name.toString(true);
    }

    private synchronized CompletableFuture<LookupSession> session() {
        CompletableFuture<LookupSession> opening = session;
        if (opening == null || opening.isCompletedExceptionally()) {
            opening = DnsjavaSession.open(options);
            session = opening;
        }
        return opening;
    }

    /** What was learnt of one type of records. */
    private record Half(List<Record> records, List<String> aliases, @Nullable Throwable failure) {
        static final Half NONE = new Half(List.of(), List.of(), null);

        static Half of(@Nullable LookupResult result, @Nullable Throwable failure) {
            if (result == null) {
                return new Half(List.of(), List.of(), rootOf(failure));
            }
            List<String> aliases = result.getAliases().stream().map(DnsjavaResolver::text).toList();
            return new Half(result.getRecords(), aliases, null);
        }

        private static @Nullable Throwable rootOf(@Nullable Throwable failure) {
            return failure instanceof CompletionException && failure.getCause() != null
                    ? rootOf(failure.getCause())
                    : failure;
        }
    }
}
