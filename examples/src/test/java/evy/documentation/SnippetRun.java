package evy.documentation;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.debug.Debug;
import evy.hubs.Hub;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a compiled snippet as a reader would: on a green thread, until it ends. */
final class SnippetRun {
    private static final long PATIENCE_SECONDS = 40;

    private final Class<?> type;

    private SnippetRun(Class<?> type) {
        this.type = type;
    }

    /** Runs one in a JVM of its own: the name of its class, and whether it has a peer. */
    public static void main(String... args) throws Throwable {
        run(Class.forName(args[0]), Boolean.parseBoolean(args[1]));
    }

    /**
     * Runs it, on a hub of its own, which is closed afterwards.
     *
     * @param hasPeer whether what goes on meanwhile says when it is over
     * @throws Throwable what it throws
     */
    static void run(Class<?> type, boolean hasPeer) throws Throwable {
        try (var hub = Hub.open()) {
            new SnippetRun(type).on(hub, hasPeer);
        }
    }

    private void on(Hub hub, boolean hasPeer) throws Throwable {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        var instance = Evy.spawn(hub, () -> constructor.newInstance()).get();
        var block = Evy.spawn(hub, () -> call(instance, "codeBlock"));
        if (!hasPeer) {
            await(block, "it does not end; does a server lack its <!-- code: meanwhile -->?");
            return;
        }
        var peer = Evy.spawn(hub, () -> call(instance, "codeMeanwhile"));
        block.link(ended -> killIfFailed(ended, peer));
        try {
            await(peer, "what goes on meanwhile does not end");
        } finally {
            block.kill();
            await(
                    block,
                    "it does not end when it is killed"); // if it has failed, that is the cause
        }
    }

    private static void killIfFailed(GreenThread<?> ended, GreenThread<?> peer) {
        if (ended.state() == Future.State.FAILED) {
            peer.kill();
        }
    }

    private Void call(Object instance, String method) throws Exception {
        var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        var handle = lookup.findVirtual(type, method, MethodType.methodType(void.class));
        try {
            handle.invoke(instance);
            return null;
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Waits for the end; a kill is a good one. */
    private static void await(GreenThread<?> thread, String late) throws Throwable {
        try {
            thread.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(late + "\n" + Debug.greenThreads(true).text(), e);
        } catch (CancellationException e) {
            // killed
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GreenThreadExit)) {
                throw e.getCause();
            }
        }
    }
}
