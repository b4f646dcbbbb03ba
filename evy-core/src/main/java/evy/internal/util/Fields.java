package evy.internal.util;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Handles for the fields of a class that are changed by compare-and-set. */
public final class Fields {
    private Fields() {}

    /**
     * A handle for one, to be kept in a constant.
     *
     * @param owner looks it up: the class that has the field
     * @param name of the field, not static
     * @param type of the field
     */
    public static VarHandle handle(MethodHandles.Lookup owner, String name, Class<?> type) {
        try {
            return owner.findVarHandle(owner.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
