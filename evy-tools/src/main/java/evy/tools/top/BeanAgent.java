package evy.tools.top;

import java.lang.instrument.Instrumentation;

/**
 * Registers the MBean of {@code evy.debug.Debug} in a running program, into which the JDK's attach
 * mechanism loads it. Alone there: it must name no other class of this package.
 */
public final class BeanAgent {
    private BeanAgent() {}

    /**
     * Registers the bean if Evy is there.
     *
     * @param options not used
     * @param instrumentation finds Evy, whatever class loader it came by
     * @throws ReflectiveOperationException if the Evy there has no such bean, or it fails
     */
    public static void agentmain(String options, Instrumentation instrumentation)
            throws ReflectiveOperationException {
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getName().equals("evy.hubs.Hub")) {
                Class.forName("evy.debug.Debug", true, type.getClassLoader())
                        .getMethod("registerMBean")
                        .invoke(null);
                return;
            }
        }
    }
}
