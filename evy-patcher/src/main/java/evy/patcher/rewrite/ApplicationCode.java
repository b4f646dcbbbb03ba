package evy.patcher.rewrite;

import evy.hubs.Hub;
import evy.patcher.imports.ClassPath;
import evy.patcher.replacements.Current;

import org.jspecify.annotations.Nullable;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rewrites the program's own classes and its libraries', those that are loaded already and those
 * that will be; not the JDK's, and not Evy's.
 *
 * <p>A class that is loaded already keeps its superclass. Netty's classes, whose event loops would
 * block the hub, stay as they are, and classes of a loader that cannot see Evy, as its ancestors
 * are none of Evy's.
 */
public final class ApplicationCode implements ClassFileTransformer {
    private static final System.Logger LOG = System.getLogger("evy.patcher");

    private static final String JDK = "jrt:"; // not all of it is in loaders of its own

    /*
     * Evy's modules know which threads they want. Netty's event loops wait in system calls of their
     * own making: on a green thread they would keep the hub for ever.
     */
    private static final List<String> LEFT_ALONE =
            List.of(
                    "evy/db/",
                    "evy/tools/",
                    "evy/web/",
                    "evy/zmq/",
                    "io/netty/",
                    "io/grpc/netty/shaded/");

    private final Rewriter rewriter;
    private final Predicate<ClassLoader> isExempt;
    private final Set<String> evysOwn;

    // guarded by itself; softly, as a rewriter holds on to its loader
    private final Map<ClassLoader, SoftReference<Rewriter.OfLoader>> ofLoaders =
            new WeakHashMap<>();

    private ApplicationCode(Rewriter rewriter, Predicate<ClassLoader> isExempt) {
        this.rewriter = rewriter;
        this.isExempt = isExempt;
        this.evysOwn =
                Stream.of(Hub.class, ClassPath.class, Current.class)
                        .map(type -> location(type.getProtectionDomain()))
                        .filter(Objects::nonNull)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Rewrites from now on, and what is loaded already.
     *
     * @param instrumentation what transforms classes
     * @param replacements what code is to use
     * @param isExempt loaders whose classes stay as they are
     */
    public static void rewrite(
            Instrumentation instrumentation,
            List<Replacement> replacements,
            Predicate<ClassLoader> isExempt) {
        ApplicationCode code = new ApplicationCode(new Rewriter(replacements), isExempt);
        instrumentation.addTransformer(code, true);
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            String name = type.getName().replace('.', '/');
            if (instrumentation.isModifiableClass(type)
                    && !type.isHidden()
                    && !isLeftAlone(name)
                    && code.covers(type.getClassLoader(), type.getProtectionDomain(), name)) {
                loaded.add(type);
            }
        }
        loaded.forEach(type -> retransform(instrumentation, type));
    }

    private static void retransform(Instrumentation instrumentation, Class<?> type) {
        try {
            instrumentation.retransformClasses(type);
        } catch (UnmodifiableClassException | LinkageError | InternalError e) {
            LOG.log(System.Logger.Level.WARNING, type.getName() + " stays as it is: " + e, e);
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (loader == null
                || (className != null && isLeftAlone(className))
                || !covers(loader, domain, className)) {
            return null;
        }
        try {
            return ofLoader(loader).rewrite(bytes, redefined == null || isReplaced(redefined));
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, className + " is not patched: " + e, e);
            return null;
        }
    }

    /** Whether a class got its superclass here when it was loaded, and must have it again. */
    private static boolean isReplaced(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        return parent != null && parent.getPackage() == Current.class.getPackage();
    }

    private static boolean isLeftAlone(String className) {
        for (String start : LEFT_ALONE) {
            if (className.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a class is the program's: a runnable jar may hold it beside Evy's own. */
    private boolean covers(
            @Nullable ClassLoader loader,
            @Nullable ProtectionDomain domain,
            @Nullable String className) {
        if (loader == null || isExempt.test(loader)) {
            return false;
        }
        String location = domain == null ? null : location(domain);
        if (location != null && location.startsWith(JDK)) {
            return false;
        }
        boolean isOurs =
                location != null
                        && evysOwn.contains(location)
                        && (className == null || className.startsWith("evy/"));
        return !isOurs && canSeeEvy(loader);
    }

    private static @Nullable String location(ProtectionDomain domain) {
        CodeSource source = domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location == null ? null : location.toString();
    }

    private static boolean canSeeEvy(ClassLoader loader) {
        ClassLoader evys = Current.class.getClassLoader();
        ClassLoader ancestor = loader;
        while (ancestor != null && ancestor != evys) {
            ancestor = ancestor.getParent();
        }
        return ancestor != null;
    }

    private Rewriter.OfLoader ofLoader(ClassLoader loader) {
        synchronized (ofLoaders) {
            SoftReference<Rewriter.OfLoader> known = ofLoaders.get(loader);
            Rewriter.OfLoader ofLoader = known == null ? null : known.get();
            if (ofLoader == null) {
                ofLoader = rewriter.of(loader);
                ofLoaders.put(loader, new SoftReference<>(ofLoader));
            }
            return ofLoader;
        }
    }
}
