package layering.broken.internal;

import layering.broken.hubs.Hub;

import java.lang.reflect.Method;

/** The lowest layer uses the next one, and reaches into other people's classes. */
public class Upwards {
    Hub hub = new Hub();

    void open(Method method) {
        method.setAccessible(true);
    }
}
