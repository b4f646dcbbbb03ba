package evy.web;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.web.http1.BadRequestException;
import evy.web.http1.Input;
import evy.web.http1.Output;
import evy.web.http1.Pace;
import evy.web.http1.RequestBody;
import evy.web.http1.RequestHead;
import evy.web.http1.ResponseBody.Coding;
import evy.web.http1.Wire;
import evy.web.http1.Wires;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection: one request after the other, in one green thread.
 *
 * <pre>
 *         ┌───────────────────────────────────────────┐
 *         ▼                                           │ may be used again
 *       idle ── first byte ──► head ── complete ──► exchange ── no more ──► closed
 *         │ end, time over       │ refused: 4xx, 5xx                          ▲
 *         └──────────────────────┴────────────────────────────────────────────┘
 * </pre>
 *
 * @thread the connection's own; stopping comes from others of the same hub, between its steps
 */
final class Connection extends IdleList.Entry {
    private static final long MOST_LINGERED = 256 * 1024;
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(5);

    private final Shard shard;
    private final Service service;
    private final Peer peer;
    private final Wire wire;
    private final Input input;
    private final Output output;
    private final RequestHead head;
    private final Exchange exchange;
    private final Greenlet thread = Greenlet.current();
    private final long headNanos;
    private final long idleNanos;
    private boolean idle = true;
    private @Nullable Runnable stopHook;
    private @Nullable GreenThread<@Nullable Void> farewell;
    private boolean inApp;
    private boolean flushQueued;

    Connection(Shard shard, Service service, Socket socket) throws IOException {
        Pace pace = service.pace();
        this.shard = shard;
        this.service = service;
        this.peer = new Peer(socket);
        this.wire = Wires.of(socket);
        this.output = new Output(wire, service.buffers(), pace.stall());
        this.input = new Input(wire, service.buffers(), output, pace);
        this.head = new RequestHead(input, service.buffers(), service.limits());
        this.exchange = new Exchange(this, service, output, head);
        this.headNanos = pace.head();
        this.idleNanos = service.options().keepAliveNanos();
    }

    Peer peer() {
        return peer;
    }

    /** Says whether nothing is lost by closing it. */
    void setIdle(boolean nothingToLose) {
        idle = nothingToLose;
    }

    /** Says what is to be done when the server stops, or at once if it does already. */
    void onStop(Runnable hook) {
        stopHook = hook;
        if (shard.isStopping()) {
            stop();
        }
    }

    /** The server stops: closes if nothing is lost by it, and lets who took over take leave. */
    void stop() {
        Runnable hook = stopHook;
        stopHook = null;
        if (hook != null) {
            farewell = Evy.spawn(() -> takeLeave(hook));
        } else if (idle && farewell == null) {
            closeQuietly();
        }
    }

    private void takeLeave(Runnable hook) {
        try {
            if (!Timeout.run(LONGEST_FAREWELL, hook::run)) {
                service.log().debug(this + ": took longer to take leave than " + LONGEST_FAREWELL);
            }
        } catch (RuntimeException e) {
            service.log().error(this + ": what was to be done on stop failed", e);
        }
        if (idle) {
            closeQuietly();
        }
    }

    /** Ends whatever goes on. */
    void cut() {
        thread.kill(new GreenThreadExit());
        endFarewell();
        closeQuietly();
    }

    private void endFarewell() {
        if (farewell != null) {
            farewell.kill();
        }
    }

    /** Closes it for the sake of others; its own thread then ends. */
    void closeQuietly() {
        try {
            wire.close();
        } catch (IOException e) {
            service.log().debug(this + ": " + e.getMessage());
        }
    }

    /** Serves until one side has enough, and closes. */
    void run() throws IOException {
        try {
            service.log().debug("(" + peer + ") accepted");
            serveAll();
        } catch (SocketTimeoutException e) {
            service.log().debug("(" + peer + ") timed out: " + e.getMessage());
        } catch (IOException e) {
            service.log().debug("(" + peer + ") lost: " + e.getMessage());
        } finally {
            wire.close();
            input.close();
            output.close();
            head.rest();
            endFarewell();
        }
    }

    private void serveAll() throws IOException {
        boolean there = awaitRequest(headNanos);
        boolean more = true;
        while (there && more) {
            more = serveOne();
            there = more && awaitNext();
        }
        output.flush();
        boolean answered = !more && !exchange.isTakenOver();
        if (answered && (input.buffered() > 0 || exchange.leavesInput())) {
            linger();
        }
    }

    private boolean awaitRequest(long nanos) throws IOException {
        idle = true;
        boolean there = !shard.isStopping() && input.awaitRequest(nanos);
        idle = false;
        return there;
    }

    /* Who is between two requests gives way to newcomers if there is no place left. */
    private boolean awaitNext() throws IOException {
        if (input.buffered() > 0) {
            return awaitRequest(idleNanos);
        }
        if (shard.isCrowded()) {
            return false;
        }
        head.rest();
        shard.idle().add(this);
        try {
            return awaitRequest(idleNanos);
        } finally {
            shard.idle().remove(this);
        }
    }

    private boolean serveOne() throws IOException {
        try {
            head.read();
        } catch (RequestHead.NoRequestException e) {
            return false;
        } catch (BadRequestException e) {
            return refuse(e.status(), e.getMessage());
        } catch (SocketTimeoutException e) {
            return refuse(408, e.getMessage());
        }
        inApp = true;
        boolean again = exchange.serve();
        inApp = false;
        if (again && input.buffered() > 0 && !output.isEmpty()) {
            flushSoon();
        }
        return again;
    }

    private boolean refuse(int status, @Nullable String why) throws IOException {
        service.log().debug("(" + peer + ") refused with " + status + ": " + why);
        Response response = Response.of(status);
        service.head().write(output, response, Coding.FIXED, 0, ResponseHead.Persistence.CLOSE);
        if (service.log().logsRequests()) {
            service.log()
                    .request(new AccessRecord(peer.ip(), peer.port(), head.line(), status, 0, 0));
        }
        output.flush();
        linger();
        return false;
    }

    /* Closing with unread input makes the system reset the connection, and the answer may be lost. */
    private void linger() throws IOException {
        wire.endOutput();
        input.linger(MOST_LINGERED, LINGER_NANOS);
    }

    /*
     * Answers to requests that came together go out together, when the input has been used up. Should
     * an app wait before that, they must not wait with it: then the hub gets to this call.
     */
    private void flushSoon() {
        if (!flushQueued) {
            flushQueued = true;
            thread.hub().execute(this::flushWhileAppWaits);
        }
    }

    private void flushWhileAppWaits() {
        flushQueued = false;
        if (inApp && exchange.isQuiet() && !output.isBroken()) {
            try {
                output.tryFlush();
            } catch (IOException e) {
                service.log().debug("(" + peer + ") lost: " + e.getMessage());
            }
        }
    }

    // for the exchange

    RequestBody body(RequestBody.Interim interim) {
        return RequestBody.of(head, input, service.limits(), interim);
    }

    boolean mayPersist() {
        return idleNanos > 0 && !shard.isStopping() && !shard.isCrowded();
    }

    boolean hasInput() {
        return input.buffered() > 0;
    }

    Takeover takeOver() throws IOException {
        Socket socket = wire.release();
        byte[] rest = input.takeRest();
        output.rest();
        return new Takeover(
                this,
                socket,
                rest.length == 0
                        ? socket.getInputStream()
                        : new SequenceInputStream(
                                new ByteArrayInputStream(rest), socket.getInputStream()));
    }

    void reset() throws IOException {
        wire.reset();
    }

    @Override
    public String toString() {
        return "connection of " + peer;
    }
}
