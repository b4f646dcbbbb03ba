/**
 * A strict HTTP/1.1 server on green threads, {@link evy.web.WebServer}, and {@linkplain
 * evy.web.websocket WebSockets} beside ordinary apps on it. {@link evy.web.brave} needs the library
 * Brave; nothing else does.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Brave is one
module evy.web {
    requires transitive evy.core;
    requires static transitive brave.http;
    requires static brave;
    requires static transitive jdk.httpserver;
    requires static transitive org.jspecify;
    requires jdk.net;

    exports evy.web;
    exports evy.web.brave;
    exports evy.web.jdk;
    exports evy.web.websocket;
}
