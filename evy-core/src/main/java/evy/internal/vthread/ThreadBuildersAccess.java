package evy.internal.vthread;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;

/**
 * Access by {@code java.lang.ThreadBuilders.newVirtualThread}, the method that the JDK's own tests
 * use for a scheduler of their own. Works on JDK 21 to 25 once {@code java.lang} is opened to us.
 *
 * <p>The handles are constants, so that the compiler sees through them: {@code currentCarrier} is
 * an intrinsic, a field read.
 */
final class ThreadBuildersAccess implements SchedulerAccess {
    /* Thread's default: inherit the context class loader and inheritable thread locals. */
    private static final int DEFAULT_CHARACTERISTICS = 0;

    private static final MethodHandle NEW_VIRTUAL_THREAD;
    private static final MethodHandle CURRENT_CARRIER;

    static {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            NEW_VIRTUAL_THREAD =
                    MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                            .findStatic(
                                    builders,
                                    "newVirtualThread",
                                    MethodType.methodType(
                                            Thread.class,
                                            Executor.class,
                                            String.class,
                                            int.class,
                                            Runnable.class));
            CURRENT_CARRIER =
                    MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                            .findStatic(
                                    Thread.class,
                                    "currentCarrierThread",
                                    MethodType.methodType(Thread.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public Thread unstarted(Executor scheduler, @Nullable String name, Runnable body) {
        try {
            return (Thread)
                    NEW_VIRTUAL_THREAD.invokeExact(scheduler, name, DEFAULT_CHARACTERISTICS, body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new LinkageError("java.lang.ThreadBuilders.newVirtualThread", t);
        }
    }

    @Override
    public Thread currentCarrier() {
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable t) {
            throw new LinkageError("java.lang.Thread.currentCarrierThread", t);
        }
    }
}
