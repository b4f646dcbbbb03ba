package evy.io.dns;

import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.WireParseException;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Asks one server, by TCP if what came by UDP is no answer to the question. dnsjava stops listening
 * at the first packet, so that anybody who gets one in before the server could stop the look-up.
 *
 * @source eventlet 0.36, the TuDoor fix of dnspython
 */
final class WaryResolver extends SimpleResolver {
    private final SimpleResolver tcp;

    WaryResolver(InetSocketAddress server, Duration attempt) {
        super(server);
        setTimeout(attempt);
        tcp = new SimpleResolver(server);
        tcp.setTCP(true);
        tcp.setTimeout(attempt);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return super.sendAsync(query, executor)
                .exceptionallyCompose(
                        failure ->
                                isForged(failure)
                                        ? tcp.sendAsync(query, executor)
                                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isForged(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof WireParseException;
    }
}
