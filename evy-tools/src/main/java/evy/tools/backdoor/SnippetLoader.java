package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The classes of a session's snippets, on top of those of the program. */
final class SnippetLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String OURS = Backdoor.class.getPackageName() + ".";
    private static final String SUFFIX = ".class";

    private final Map<String, byte[]> classes = new ConcurrentHashMap<>();
    private final Brake brake;
    private final Map<String, ?> bindings;

    SnippetLoader(ClassLoader program, Brake brake, Map<String, ?> bindings) {
        super("evy-backdoor", program);
        this.brake = brake;
        this.bindings = bindings;
    }

    Brake brake() {
        return brake;
    }

    @Nullable Object binding(String name) {
        return bindings.get(name);
    }

    /** From now on there is a class of this name. */
    void declare(String name, byte... bytes) {
        classes.put(name, bytes);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        var bytes = classes.get(name);
        if (bytes != null) {
            var woven = BrakeWeaver.weave(bytes, this);
            return defineClass(name, woven, 0, woven.length);
        }
        if (name.startsWith(OURS)) { // of a program whose loader does not know us
            return Class.forName(name, false, Backdoor.class.getClassLoader());
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        var stem = name.length() - SUFFIX.length();
        var bytes =
                name.endsWith(SUFFIX)
                        ? classes.get(name.substring(0, stem).replace('/', '.'))
                        : null;
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }
}
