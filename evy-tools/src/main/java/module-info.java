/** The {@code evy} command: runs programs on a green thread, and looks at the machine. */
@org.jspecify.annotations.NullMarked
module evy.tools {
    requires evy.core;
    requires static evy.patcher; // there with the agent
    requires jdk.compiler;
    requires static org.jspecify;

    exports evy.tools;
}
