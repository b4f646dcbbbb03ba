/**
 * A strict HTTP/1.1 server on green threads, {@link evy.web.WebServer}, and {@linkplain
 * evy.web.websocket WebSockets} beside ordinary apps on it.
 */
module evy.web {
    requires transitive evy.core;
    requires static transitive jdk.httpserver;
    requires static transitive org.jspecify;
    requires jdk.net;

    exports evy.web;
    exports evy.web.jdk;
    exports evy.web.websocket;
}
