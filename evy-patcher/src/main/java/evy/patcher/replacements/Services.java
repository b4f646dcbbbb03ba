package evy.patcher.replacements;

import java.util.ServiceLoader;

/** The method of {@link ServiceLoader} that asks the thread's context class loader. */
public final class Services {
    private Services() {}

    /**
     * As {@link ServiceLoader#load(Class)}.
     *
     * @param <S> see there
     * @param service see there
     * @param caller who asks
     * @return see there
     */
    public static <S> ServiceLoader<S> load(Class<S> service, Class<?> caller) {
        Services.class.getModule().addUses(service); // on its behalf
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return ServiceLoader.load(service, ContextLoaders.innermost(context, caller));
    }
}
