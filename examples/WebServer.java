/*
 * The smallest web server: says hello to everybody.
 *
 *   ./evy examples/WebServer.java [PORT]      8080 if it is not given, any free one if it is 0
 *   curl http://localhost:8080/
 */
import evy.web.Response;

void main(String[] args) throws Exception {
    var hello = Response.text("hello\n");
    try (var server = evy.web.WebServer.start(Arguments.port(args, 8080), request -> hello)) {
        IO.println("listening on " + server.address());
        server.await();
    }
}
