package evy.web;

/** What answers requests: {@code request -> Response.text("hello")}. */
@FunctionalInterface
public interface App {
    /**
     * Answers a request, in the green thread of its connection. It may block; other connections go
     * on meanwhile.
     *
     * @param request valid until the response has been sent
     * @return the answer; {@link Response#handled} if the app has sent one itself
     * @throws Exception becomes a 500 and an entry in the log; the client learns nothing of it
     */
    Response handle(Request request) throws Exception;
}
