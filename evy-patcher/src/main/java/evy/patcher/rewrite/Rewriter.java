package evy.patcher.rewrite;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Superclass;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.util.Collection;
import java.util.function.Supplier;

/** Rewrites classes of one class loader, so that they use {@link Replacement}s. */
public final class Rewriter {
    private final RuleBook rules;

    /**
     * Makes a rewriter.
     *
     * @param replacements what to use; if two fit the same place, the later one counts
     * @throws IllegalArgumentException if a substitute does not fit its original; the message says
     *     what is wrong
     */
    public Rewriter(Collection<Replacement> replacements) {
        rules = new RuleBook(replacements);
    }

    /** Rewrites the classes of one loader. */
    public final class OfLoader {
        private final Hierarchy hierarchy;

        private OfLoader(@Nullable ClassLoader loader) {
            hierarchy = new Hierarchy(loader);
        }

        /**
         * Rewrites a class.
         *
         * @param bytes the class
         * @param newSuperclass whether it may get another superclass: not if it is loaded already
         * @return the new class; null if there is nothing to change
         * @throws IllegalArgumentException if it is no class, or cannot be rewritten
         */
        public byte @Nullable [] rewrite(byte[] bytes, boolean newSuperclass) {
            ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
            ClassModel model = files.parse(bytes);
            hierarchy.learn(model);
            return concerns(model) ? rewrite(files, model, newSuperclass) : null;
        }

        private byte[] rewrite(ClassFile files, ClassModel model, boolean newSuperclass) {
            ClassDesc parent =
                    newSuperclass
                            ? model.superclass()
                                    .map(c -> rules.subclass(c.asInternalName()))
                                    .orElse(null)
                            : null;
            Supplier<Instructions> ofMethod =
                    () -> new Instructions(rules, hierarchy, model, parent);
            ClassTransform code =
                    ClassTransform.transformingMethodBodies(
                            ofMethod.get()::concern, CodeTransform.ofStateful(ofMethod::get));
            return files.transformClass(
                    model, parent == null ? code : code.andThen(superclass(parent)));
        }

        /** Looks into the constant pool: most classes have nothing to change. */
        private boolean concerns(ClassModel model) {
            for (PoolEntry entry : model.constantPool()) {
                if (concerns(entry)) {
                    return true;
                }
            }
            return false;
        }

        private boolean concerns(PoolEntry entry) {
            return switch (entry) {
                case ClassEntry type -> rules.knowsClass(type.asInternalName());
                case FieldRefEntry field ->
                        rules.read(field.owner().asInternalName(), field.name().stringValue())
                                != null;
                case MemberRefEntry method ->
                        rules.call(
                                        method.owner().asInternalName(),
                                        method.name().stringValue(),
                                        method.type().stringValue(),
                                        hierarchy)
                                != null;
                default -> false;
            };
        }
    }

    private static ClassTransform superclass(ClassDesc parent) {
        return (builder, element) -> {
            if (element instanceof Superclass) {
                builder.withSuperclass(parent);
            } else {
                builder.with(element);
            }
        };
    }

    /**
     * Makes a rewriter of a loader's classes.
     *
     * @param loader whose classes are rewritten
     * @return it, for any number of classes and threads
     */
    public OfLoader of(@Nullable ClassLoader loader) {
        return new OfLoader(loader);
    }
}
