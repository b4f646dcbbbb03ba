/**
 * Traces of requests, for Zipkin and whatever else takes them, by the library Brave.
 *
 * {@snippet :
 * WebServer.serve(8080, TracedApp.around(tracing, app));
 * }
 *
 * <p>Brave does the work: what is sampled, what spans hold, where they are reported. Here is what
 * it does not know, {@linkplain evy.web.brave.TracedApp a request to an evy.web server}.
 *
 * <p>Guide: {@code docs/guide/web.md}.
 */
@NullMarked
package evy.web.brave;

import org.jspecify.annotations.NullMarked;
