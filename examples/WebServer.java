/*
 * The smallest web server: says hello at /, and that there is nothing anywhere else.
 *
 *   ./evy examples/WebServer.java [PORT]      8090 if it is not given, any free one if it is 0
 *   curl http://localhost:8090/
 */
import evy.web.Response;
import evy.web.Router;

void main(String[] args) throws Exception {
    var app = new Router().get("/", request -> Response.text("Hello, World!\n"));
    try (var server = evy.web.WebServer.start(Arguments.port(args, 8090), app)) {
        IO.println("listening on " + server.address());
        server.await();
    }
}
