/**
 * The JDK's {@code com.sun.net.httpserver} on {@link evy.web.WebServer}: its handlers, filters and
 * authenticators run unchanged, each request in a green thread.
 *
 * {@snippet :
 * var server = new EvyHttpServerProvider().createHttpServer(new InetSocketAddress(8080), 0);
 * server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
 * server.start();
 * }
 *
 * <p>Nothing is registered: ask for it by {@code
 * -Dcom.sun.net.httpserver.HttpServerProvider=evy.web.jdk.EvyHttpServerProvider}, or make servers
 * by {@link evy.web.jdk.EvyHttpServerProvider} itself.
 *
 * <p>Guide: {@code docs/guide/web.md}.
 */
@NullMarked
package evy.web.jdk;

import org.jspecify.annotations.NullMarked;
