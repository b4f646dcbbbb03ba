/**
 * The {@code evy} command, which runs programs on a green thread, shows what they do and looks at
 * the machine; the back door into a running program, a profiler, and metrics for Micrometer.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer is one
module evy.tools {
    requires static com.google.gson; // for the command top
    requires transitive evy.core;
    requires static evy.patcher; // there with the agent
    requires static transitive java.instrument;
    requires java.management;
    requires java.management.rmi;
    requires java.net.http;
    requires jdk.attach;
    requires jdk.compiler;
    requires jdk.jfr;
    requires jdk.jshell;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports evy.tools;
    exports evy.tools.backdoor;
    exports evy.tools.micrometer;
    exports evy.tools.profiler;

    opens evy.tools.top to
            com.google.gson;
}
