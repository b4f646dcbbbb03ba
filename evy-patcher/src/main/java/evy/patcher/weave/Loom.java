package evy.patcher.weave;

import org.jspecify.annotations.Nullable;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Applies seams to the running JVM.
 *
 * <p>It stays registered with the JVM, so that its patches survive when another agent has a class
 * transformed again.
 */
/*
 * A seam is all or nothing: its hook is installed last, and patches without a hook decline. So one
 * that fails half way leaves code in the JDK that does nothing.
 */
public final class Loom implements ClassFileTransformer {
    private final Instrumentation instrumentation;

    // any thread: transformations come from wherever a class is loaded
    private final Map<String, Set<Patch>> patches = new ConcurrentHashMap<>();
    private final Map<Patch, Throwable> problems = new ConcurrentHashMap<>();

    /**
     * Makes a loom and registers it.
     *
     * @param instrumentation what transforms classes
     */
    @SuppressWarnings("this-escape") // final, and complete by then
    public Loom(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
        instrumentation.addTransformer(this, true);
    }

    /**
     * Applies seams. Not for two threads at once, and not twice.
     *
     * @param seams the seams
     * @return what prevented each that could not be applied: a {@link ShapeException} if this JDK
     *     does not look as expected
     */
    public Map<Seam, Throwable> apply(List<Seam> seams) {
        Set<Class<?>> targets = new LinkedHashSet<>();
        for (Seam seam : seams) {
            for (Patch patch : seam.patches()) {
                find(patch, targets);
            }
        }
        retransform(targets);
        Map<Seam, Throwable> failures = new HashMap<>();
        for (Seam seam : seams) {
            Throwable problem = finish(seam);
            if (problem != null) {
                failures.put(seam, problem);
            }
        }
        return failures;
    }

    private void find(Patch patch, Set<Class<?>> targets) {
        try {
            // loaded before its patches are known, so that it is woven, and checked, once: below
            Class<?> target = Class.forName(patch.className(), false, null);
            Set<Patch> ofTarget =
                    patches.computeIfAbsent(patch.internalName(), n -> new CopyOnWriteArraySet<>());
            if (ofTarget.add(patch)) {
                targets.add(target);
            }
        } catch (ClassNotFoundException e) {
            problems.put(patch, new ShapeException(patch.className() + ": no such class"));
        }
    }

    private void retransform(Set<Class<?>> targets) {
        try {
            // all at once: the JVM stops the world for each call
            instrumentation.retransformClasses(targets.toArray(Class<?>[]::new));
        } catch (Exception | LinkageError | InternalError e) {
            targets.forEach(this::retransform); // to learn whose fault it is
        }
    }

    private void retransform(Class<?> target) {
        try {
            instrumentation.retransformClasses(target);
        } catch (Exception | LinkageError | InternalError e) {
            String name = target.getName().replace('.', '/');
            patches.getOrDefault(name, Set.of()).forEach(p -> problems.putIfAbsent(p, e));
        }
    }

    private @Nullable Throwable finish(Seam seam) {
        for (Patch patch : seam.patches()) {
            Throwable problem = problems.get(patch);
            if (problem != null) {
                return problem;
            }
        }
        try {
            Green.load(Green.class);
            seam.hook().run();
            return null;
        } catch (RuntimeException | LinkageError e) {
            return e;
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        Set<Patch> wanted = loader == null && className != null ? patches.get(className) : null;
        if (wanted == null) {
            return null;
        }
        byte[] woven = bytes;
        try {
            woven = Weaver.weave(bytes, wanted, problems);
        } catch (RuntimeException | LinkageError e) {
            wanted.forEach(patch -> problems.putIfAbsent(patch, e));
        }
        return woven == bytes ? null : woven;
    }
}
