package evy.web;

import evy.GreenThreadExit;
import evy.web.http1.BadRequestException;
import evy.web.http1.Framing;
import evy.web.http1.Output;
import evy.web.http1.RequestBody;
import evy.web.http1.RequestHead;
import evy.web.http1.ResponseBody;
import evy.web.http1.ResponseBody.Coding;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One request and its response. One object serves all exchanges of a connection, one after the
 * other.
 */
/*
 * Until a byte of the response has been sent it can be taken back: whatever goes wrong becomes a 500
 * (or what the broken request deserves). After that the response is left unfinished, and the connection
 * closed, so that the client sees it.
 */
final class Exchange {
    /* What is read to save a connection whose app left a body unread; a new one costs less than more. */
    private static final long MOST_SKIPPED = 256 * 1024;

    private final Connection connection;
    private final Service service;
    private final Output output;
    private final RequestHead head;

    // of the current request
    private Request request;
    private RequestBody requestBody;
    private @Nullable ResponseBody body; // once the response has begun
    private @Nullable Response begun;
    private long start;
    private boolean keep;
    private boolean takenOver;
    private int status;
    private long bodyBytes;
    private HeaderList continueHeaders = HeaderList.EMPTY;
    private @Nullable List<Request.Hook> hooks;

    Exchange(Connection connection, Service service, Output output, RequestHead head) {
        this.connection = connection;
        this.service = service;
        this.output = output;
        this.head = head;
        this.requestBody = RequestBody.none();
        this.request = new Request(this, head, requestBody);
    }

    WebOptions options() {
        return service.options();
    }

    Peer peer() {
        return connection.peer();
    }

    int status() {
        return status;
    }

    /**
     * Answers the request whose head has been read.
     *
     * @return true if the connection can be used for another
     */
    boolean serve() throws IOException {
        begin();
        long startNanos = service.log().logsRequests() ? System.nanoTime() : 0;
        try {
            answer();
            skipRequestBody();
        } finally {
            finish(startNanos);
        }
        return keep;
    }

    private void begin() {
        requestBody = connection.body(this::askForBody);
        request = new Request(this, head, requestBody);
        start = output.position();
        body = null;
        begun = null;
        takenOver = false;
        status = 0;
        bodyBytes = 0;
        continueHeaders = HeaderList.EMPTY;
        hooks = null;
        Framing framing = head.framing();
        keep =
                connection.mayPersist()
                        && !framing.wantsClose()
                        && (isHttp11() || framing.saysKeepAlive());
    }

    private void answer() throws IOException {
        try {
            Response response = service.app().handle(request);
            if (response == null) {
                throw new NullPointerException("the app returned null instead of a response");
            }
            if (response.body() instanceof Body.Handled) {
                handled();
            } else {
                send(response);
            }
        } catch (Throwable t) {
            failed(t);
        }
    }

    private void handled() throws IOException {
        if (takenOver) {
            keep = false;
        } else if (body == null) {
            throw new IllegalStateException("the app returned handled(), and had sent nothing");
        } else {
            end(body, begun == null ? null : begun.trailers());
        }
    }

    /* The response that was begun gives way to the one that was returned, if nothing of it was sent. */
    private void replaceBegun() throws IOException {
        if (takenOver) {
            throw new IllegalStateException("a response after takeOver(): return handled()");
        }
        if (body != null) {
            if (output.isSentAfter(start)) {
                throw new IllegalStateException("a second response: return handled()");
            }
            takeBack();
        }
    }

    private void takeBack() {
        output.rewind(start);
        if (body != null) {
            body.cancel();
        }
        body = null;
        begun = null;
    }

    private void send(Response given) throws Exception {
        Response response = given;
        if (response.body() instanceof Body.OfFile file) {
            response = FileAnswer.of(file.path(), given, request);
        }
        Body content = response.body();
        try {
            replaceBegun();
            ResponseBody out = start(response, content.length());
            if (out.coding() != Coding.NONE) {
                content.writeTo(out);
            }
            end(out, response.trailers());
        } finally {
            content.release();
        }
    }

    /** Writes the head. */
    private ResponseBody start(Response response, long bodyLength) throws IOException {
        HeaderList headers = response.headerList();
        long length = headers.contentLength() < 0 ? bodyLength : headers.contentLength();
        Coding coding = coding(response.status(), length);
        if (coding == Coding.FIXED && bodyLength >= 0 && bodyLength != length) {
            throw new IllegalStateException(
                    "Content-Length is " + length + ", but the body has " + bodyLength + " bytes");
        }
        keep &= coding != Coding.UNTIL_CLOSE && !headers.isClosing() && mayReuse();
        keep &= connection.mayPersist(); // stopping may have begun meanwhile
        int minimum = response.minimumChunk();
        ResponseBody made =
                new ResponseBody(
                        output, coding, length, minimum < 0 ? options().minimumChunk() : minimum);
        body = made;
        status = response.status();
        Response sent = allowsLength(status) ? response : withoutLength(response);
        service.head().write(output, sent, coding, length, persistence());
        return made;
    }

    private Coding coding(int of, long length) {
        if (!allowsLength(of) || of == 304 || head.isHead()) {
            return Coding.NONE;
        }
        if (length >= 0) {
            return Coding.FIXED;
        }
        return isHttp11() ? Coding.CHUNKED : Coding.UNTIL_CLOSE;
    }

    /** True if both sides speak HTTP/1.1. */
    private boolean isHttp11() {
        return head.minorVersion() > 0 && service.head().minorVersion() > 0;
    }

    /** True if the client waits to be asked for the body. Those of HTTP/1.0 cannot. */
    private boolean expectsContinue() {
        return head.minorVersion() > 0 && head.framing().expectsContinue();
    }

    private boolean allowsLength(int of) {
        return of != 204 && !(of < 300 && head.isConnect());
    }

    private static Response withoutLength(Response response) {
        HeaderList headers = response.headerList();
        return headers.contentLength() < 0
                ? response
                : response.withHeaders(headers.without("Content-Length"));
    }

    /* Not if it costs too much to get at the next request, or the client waits to be asked. */
    private boolean mayReuse() {
        if (requestBody.isComplete()) {
            return true;
        }
        boolean notAsked = expectsContinue() && !requestBody.isBegun();
        return !notAsked
                && requestBody.failure() == null
                && requestBody.remaining() <= MOST_SKIPPED;
    }

    private ResponseHead.Persistence persistence() {
        if (!keep) {
            return ResponseHead.Persistence.CLOSE;
        }
        return head.framing().saysKeepAlive()
                ? ResponseHead.Persistence.KEEP_AND_SAY
                : ResponseHead.Persistence.KEEP;
    }

    private void end(ResponseBody out, @Nullable Supplier<Headers> trailers) throws IOException {
        out.end(trailers == null ? "" : HeaderList.copyOf(trailers.get()).lines(true));
        bodyBytes = out.written();
    }

    // what goes wrong

    private void failed(Throwable t) throws IOException {
        if (t instanceof GreenThreadExit killed) {
            abandon();
            throw killed;
        }
        if (output.isBroken()) {
            abandon();
            service.log().debug(peer() + ": lost while answering: " + t.getMessage());
        } else if (output.isSentAfter(start) || takenOver) {
            abandon();
            service.log().error(request + ": failed in the middle of the response", t);
        } else {
            takeBack();
            keep = false;
            trySend(replacement(t));
        }
    }

    private Response replacement(Throwable t) {
        IOException failure = requestBody.failure();
        if (failure != null && isCausedBy(t, failure)) {
            service.log().debug(peer() + ": body refused: " + failure.getMessage());
            return Response.of(statusFor(failure));
        }
        service.log().error(request + ": the app failed", t);
        String text = options().isDebug() ? WebLog.trace(t) : "";
        return Response.text(text).withStatus(500).withType("text/plain");
    }

    private static boolean isCausedBy(Throwable t, IOException failure) {
        for (Throwable cause = t; cause != null; cause = cause.getCause()) {
            if (cause == failure) {
                return true;
            }
        }
        return false;
    }

    private static int statusFor(IOException failure) {
        if (failure instanceof BadRequestException refused) {
            return refused.status();
        }
        return failure instanceof SocketTimeoutException ? 408 : 400;
    }

    private void trySend(Response response) throws IOException {
        try {
            send(response);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot send " + response, e);
        }
    }

    private void abandon() throws IOException {
        keep = false;
        ResponseBody out = body;
        if (out != null) {
            bodyBytes = out.written();
            out.abandon();
            if (out.coding() == Coding.UNTIL_CLOSE) {
                connection.reset();
            }
        }
    }

    // afterwards

    private void skipRequestBody() {
        if (!keep || requestBody.isComplete()) {
            return;
        }
        try {
            keep = requestBody.drain(MOST_SKIPPED);
        } catch (IOException e) {
            keep = false;
            service.log().debug(peer() + ": rest of the body refused: " + e.getMessage());
        }
    }

    private void finish(long startNanos) throws IOException {
        try {
            if (hooks != null) {
                output.flush();
            }
        } finally {
            runHooks();
            if (service.log().logsRequests()) {
                log(System.nanoTime() - startNanos);
            }
            request.end();
            body = null; // not to be kept while the connection is idle
            begun = null;
            hooks = null;
        }
    }

    private void runHooks() {
        if (hooks == null) {
            return;
        }
        for (int i = 0; i < hooks.size(); i++) { // a hook may add another
            try {
                hooks.get(i).run(request);
            } catch (GreenThreadExit killed) {
                throw killed;
            } catch (Throwable t) {
                service.log().error(request + ": a hook failed", t);
            }
        }
    }

    private void log(long nanos) {
        String ip = request.clientAddress();
        if (options().isForwardedForLogged()) {
            String forwarded = request.headers().joined("X-Forwarded-For");
            ip = forwarded == null ? ip : forwarded + "," + peer().ip();
        }
        service.log()
                .request(
                        new AccessRecord(ip, peer().port(), head.line(), status, bodyBytes, nanos));
    }

    // what the app asks for

    /** True while the app is at work and has not begun to answer. */
    boolean isQuiet() {
        return body == null;
    }

    /** True if the response went over a connection that the app has taken over. */
    boolean isTakenOver() {
        return takenOver;
    }

    /** True if the client has sent, or will send, what nobody is going to read. */
    boolean leavesInput() {
        return !requestBody.isComplete();
    }

    void addHook(Request.Hook hook) {
        if (hooks == null) {
            hooks = new ArrayList<>(2);
        }
        hooks.add(hook);
    }

    void setContinueHeaders(Headers fields) {
        continueHeaders = HeaderList.copyOf(fields);
    }

    void sendContinue(Headers fields) throws IOException {
        ensureNotBegun();
        if (head.minorVersion() > 0) { // HTTP/1.0 knows no such thing
            writeContinue(HeaderList.copyOf(fields));
            output.flush();
        }
    }

    private void askForBody() throws IOException {
        if (expectsContinue() && body == null && !connection.hasInput()) {
            writeContinue(continueHeaders); // sent before the body is waited for
        }
    }

    private void writeContinue(HeaderList fields) throws IOException {
        service.head().writeInterim(output, 100, fields);
        start = output.position();
    }

    OutputStream begin(Response response) throws IOException {
        ensureNotBegun();
        if (response.body() != Body.Bytes.NONE) {
            throw new IllegalArgumentException("the response to begin with must have no body");
        }
        begun = response;
        return start(response, -1);
    }

    Takeover takeOver() throws IOException {
        ensureNotBegun();
        return handOver();
    }

    Takeover upgrade(String protocol, Headers fields) throws IOException {
        ensureNotBegun();
        service.head().writeUpgrade(output, protocol, HeaderList.copyOf(fields));
        status = 101;
        return handOver();
    }

    private Takeover handOver() throws IOException {
        output.flush();
        takenOver = true;
        keep = false;
        return connection.takeOver();
    }

    private void ensureNotBegun() {
        if (body != null || takenOver) {
            throw new IllegalStateException(
                    takenOver
                            ? "the connection was taken over already"
                            : "the response has begun already");
        }
    }
}
