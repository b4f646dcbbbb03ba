/*
 * Sends the body of every request back, whatever the method: what conformance tools are pointed at.
 * The headers X-Method, X-Target and X-Body-Length say what was understood.
 *
 *   ./evy examples/HttpEcho.java [PORT]      8080 if it is not given, any free one if it is 0
 *   curl -i --data hello http://localhost:8080/some/where?and=more
 */
import evy.web.Request;
import evy.web.Response;
import evy.web.WebServer;

void main(String[] args) throws Exception {
    try (var server = WebServer.start(Arguments.port(args, 8080), this::echo)) {
        IO.println("listening on " + server.address());
        server.await();
    }
}

Response echo(Request request) throws IOException {
    var body = request.bytes();
    return Response.bytes(body)
            .withType("application/octet-stream")
            .withHeader("X-Method", request.method())
            .withHeader("X-Target", request.target())
            .withHeader("X-Body-Length", "" + body.length);
}
