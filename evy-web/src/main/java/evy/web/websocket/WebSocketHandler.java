package evy.web.websocket;

/** What a program does with a connection. */
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * Serves one connection, on a green thread of its own. When it returns, the connection is
     * closed with the code 1000; when it throws, with 1011.
     *
     * @param ws the connection
     * @throws Exception what went wrong; it is logged
     */
    void handle(WebSocket ws) throws Exception;
}
