package evy.patcher.rewrite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who extends whom, as class files say: to ask must not load a class.
 *
 * <p>A class that cannot be found, as one of an optional library, is taken to extend {@link
 * Object}.
 */
final class Hierarchy implements ClassHierarchyResolver {
    private static final String OBJECT = "java/lang/Object";
    private static final Kin UNKNOWN = new Kin(OBJECT, false);

    private final @Nullable ClassLoader loader;
    private final ConcurrentHashMap<String, Kin> known = new ConcurrentHashMap<>();

    /** A class's superclass, null for {@link Object} and interfaces, and whether it is one. */
    private record Kin(@Nullable String superclass, boolean isInterface) {}

    /**
     * Makes one.
     *
     * @param loader where classes are looked for; null for the boot loader
     */
    Hierarchy(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    /** The superclass by its internal name; null for {@link Object}, interfaces and arrays. */
    @Nullable String superclass(String name) {
        return name.startsWith("[") ? null : kin(name).superclass;
    }

    @Override
    public ClassHierarchyInfo getClassInfo(ClassDesc type) {
        String descriptor = type.descriptorString();
        Kin kin = kin(descriptor.substring(1, descriptor.length() - 1));
        if (kin.isInterface) {
            return ClassHierarchyInfo.ofInterface();
        }
        String superclass = kin.superclass;
        return ClassHierarchyInfo.ofClass(
                superclass == null ? null : ClassDesc.ofInternalName(superclass));
    }

    /** Takes note of a class that is being loaded. */
    void learn(ClassModel model) {
        known.put(model.thisClass().asInternalName(), kin(model));
    }

    private Kin kin(String name) {
        Kin kin = known.get(name);
        if (kin == null) {
            kin = read(name);
            known.putIfAbsent(name, kin);
        }
        return kin;
    }

    private Kin read(String name) {
        String file = name + ".class";
        ClassLoader own = Hierarchy.class.getClassLoader();
        try (InputStream theirs = open(loader, file);
                InputStream in = theirs == null ? open(own, file) : theirs) {
            return in == null ? UNKNOWN : kin(ClassFile.of().parse(in.readAllBytes()));
        } catch (IOException | IllegalArgumentException e) {
            return UNKNOWN; // whoever loads the class will hear of it
        }
    }

    private static @Nullable InputStream open(@Nullable ClassLoader loader, String file) {
        return loader == null
                ? ClassLoader.getSystemResourceAsStream(file)
                : loader.getResourceAsStream(file);
    }

    private static Kin kin(ClassModel model) {
        if (model.flags().has(AccessFlag.INTERFACE)) {
            return new Kin(null, true);
        }
        String superclass = model.superclass().map(ClassEntry::asInternalName).orElse(null);
        return new Kin(superclass, false);
    }
}
