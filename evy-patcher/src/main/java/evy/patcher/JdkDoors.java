package evy.patcher;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens what the agent may open and a program could only by flags: {@code java.lang} for green
 * threads, native access for epoll; and gives the boot loader the {@link Bridge}.
 */
final class JdkDoors {
    private static final String ACCESS = "jdk.internal.access";

    /* In this order: a class comes after what it is made of. */
    static final List<String> BRIDGE =
            List.of(
                    "Bridge",
                    "Bridge$Polls",
                    "Bridge$Selects",
                    "Bridge$Checkpoints",
                    "Bridge$Closings",
                    "Bridge$Pins",
                    "Bridge$Timers",
                    "Bridge$Detour",
                    "Bridge$Endings",
                    "Bridge$Lines");

    private static final MethodType DEFINE =
            MethodType.methodType(
                    Class.class,
                    ClassLoader.class,
                    String.class,
                    byte[].class,
                    ProtectionDomain.class,
                    String.class);

    private JdkDoors() {}

    /**
     * Opens them. Must come before the first use of a hub.
     *
     * @throws IllegalStateException if this JDK has other doors; the message says which is missing
     */
    static void open(Instrumentation instrumentation) {
        Module base = Object.class.getModule();
        Module own = JdkDoors.class.getModule();
        instrumentation.redefineModule(
                base,
                Set.of(),
                Map.of(ACCESS, Set.of(own)),
                Map.of(
                        "java.lang",
                        Set.copyOf(List.of(own, Hub.class.getModule())),
                        "java.io",
                        Set.of(own),
                        "sun.nio.ch",
                        Set.of(own),
                        "sun.nio.fs",
                        Set.of(own)),
                Set.of(),
                Map.of());
        try {
            openInternally();
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "Evy's agent does not fit Java " + Runtime.version() + ": " + e, e);
        }
        if (Bridge.class.getClassLoader() != null) {
            throw new IllegalStateException(
                    "Evy's agent needs evy-patcher on the class path, not on the module path");
        }
    }

    private static void openInternally() throws Throwable {
        Class<?> type = Class.forName(ACCESS + ".JavaLangAccess");
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Object access =
                lookup.findStatic(
                                Class.forName(ACCESS + ".SharedSecrets"),
                                "getJavaLangAccess",
                                MethodType.methodType(type))
                        .invoke();
        lookup.findVirtual(
                        type,
                        "addEnableNativeAccessToAllUnnamed",
                        MethodType.methodType(void.class))
                .invoke(access);
        MethodHandle define =
                lookup.findVirtual(type, "defineClass", DEFINE)
                        .asType(DEFINE.insertParameterTypes(0, Object.class));
        for (String name : BRIDGE) {
            Class<?> defined =
                    (Class<?>)
                            define.invokeExact(
                                    access,
                                    (ClassLoader) null,
                                    "evy.patcher.bridge." + name,
                                    bytesOf(name),
                                    (ProtectionDomain) null,
                                    (String) null);
            assert defined.getClassLoader() == null;
        }
    }

    private static byte[] bytesOf(String name) throws IOException {
        String path = "/evy/patcher/bridge/" + name + ".class";
        try (InputStream in = JdkDoors.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException(path + " is missing");
            }
            return in.readAllBytes();
        }
    }
}
