/**
 * The {@code evy} command, which runs programs on a green thread and looks at the machine, and the
 * back door into a running program.
 */
@org.jspecify.annotations.NullMarked
module evy.tools {
    requires evy.core;
    requires static evy.patcher; // there with the agent
    requires jdk.compiler;
    requires jdk.jshell;
    requires static transitive java.instrument;
    requires static transitive org.jspecify;

    exports evy.tools;
    exports evy.tools.backdoor;
}
