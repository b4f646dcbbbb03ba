/**
 * Green waits under the JDK's own blocking calls: an agent that patches a few places of {@code
 * java.base}, so that programs and libraries that know nothing of Evy wait on the hub.
 */
@org.jspecify.annotations.NullMarked
module evy.patcher {
    requires evy.core;
    requires transitive java.instrument;
    requires static transitive org.jspecify;

    exports evy.patcher;
    exports evy.patcher.replacements; // for rewritten code

    provides evy.debug.LineTracer with
            evy.patcher.spew.AgentTracer;
}
