/**
 * The HTTP server: {@link evy.web.WebServer} and what its apps get and give.
 *
 * {@snippet :
 * var app = new Router()
 *         .get("/hello/{name}", request -> Response.text("hello " + request.path()))
 *         .get("/slow", request -> {
 *             Evy.sleep(Duration.ofSeconds(1)); // holds up nobody else
 *             return Response.text("done");
 *         });
 * WebServer.serve(8080, app);
 * }
 *
 * <p>Begin with {@link evy.web.App}, a function from {@link evy.web.Request} to {@link
 * evy.web.Response}; {@link evy.web.Router} and {@link evy.web.StaticFiles} are apps, {@link
 * evy.web.WebOptions} has the limits. WebSockets are in {@link evy.web.websocket}, handlers of the
 * JDK's server run by {@link evy.web.jdk}.
 *
 * <p>Guide: {@code docs/guide/web.md}.
 */
@NullMarked
package evy.web;

import org.jspecify.annotations.NullMarked;
