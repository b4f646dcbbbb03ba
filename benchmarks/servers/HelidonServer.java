import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;

/** Helidon SE 4: a virtual thread for each connection. Arguments: {@code hello PORT}. */
final class HelidonServer {
    public static void main(String... args) {
        var server =
                WebServer.builder()
                        .host("localhost")
                        .port(Integer.parseInt(args[1]))
                        .backlog(Protocol.BACKLOG)
                        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                        .routing(
                                routes ->
                                        routes.get(
                                                "/hello",
                                                (request, response) ->
                                                        response.send("Hello, World!")))
                        .build()
                        .start();
        Protocol.listening(server.port());
    }
}
