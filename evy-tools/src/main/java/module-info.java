/**
 * The {@code evy} command, which runs programs on a green thread and looks at the machine, and the
 * back door and a profiler for running programs.
 */
@org.jspecify.annotations.NullMarked
module evy.tools {
    requires transitive evy.core;
    requires static evy.patcher; // there with the agent
    requires jdk.compiler;
    requires jdk.jfr;
    requires jdk.jshell;
    requires static transitive java.instrument;
    requires static transitive org.jspecify;

    exports evy.tools;
    exports evy.tools.backdoor;
    exports evy.tools.profiler;
}
