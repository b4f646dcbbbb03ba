package evy.patcher.spew;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a class so that each of its lines tells the bridge that it is about to run.
 *
 * <p>What is put in takes nothing from the stack, leaves nothing there, changes no variable and
 * never jumps; so the stack map stays right, and is kept.
 */
final class LineWeaver {
    /* Jumps reach 32 KB. A wider one would need instructions that the stack map must describe. */
    private static final int LONGEST = 32_000;

    private static final ClassFile FILES =
            ClassFile.of(
                    ClassFile.StackMapsOption.DROP_STACK_MAPS, // they are written by LineCalls
                    ClassFile.ShortJumpsOption.FAIL_ON_SHORT_JUMPS);

    private final boolean values;
    private final Places places;

    /**
     * Makes one.
     *
     * @param values whether lines hand over the values of the variables they use
     * @param places gets the lines
     */
    LineWeaver(boolean values, Places places) {
        this.values = values;
        this.places = places;
    }

    /**
     * Rewrites a class.
     *
     * @param bytes the class
     * @param location where it was loaded from; null if that is not known
     * @return the class that tells; null if there is nothing to tell
     * @throws IllegalArgumentException if it is not a class file
     */
    byte @Nullable [] weave(byte[] bytes, @Nullable URI location) {
        ClassModel model = FILES.parse(bytes);
        TracedClass type =
                new TracedClass(
                        model.thisClass().asInternalName().replace('/', '.'),
                        model.findAttribute(Attributes.sourceFile())
                                .map(SourceFileAttribute::sourceFile)
                                .map(Object::toString)
                                .orElse(null),
                        location);
        Set<MethodModel> told = new HashSet<>();
        ClassTransform telling =
                (builder, element) -> {
                    LineCalls calls =
                            element instanceof MethodModel method
                                    ? calls(model, method, type)
                                    : null;
                    if (calls == null) {
                        builder.with(element);
                    } else {
                        MethodModel method = (MethodModel) element;
                        told.add(method);
                        builder.transformMethod(method, MethodTransform.transformingCode(calls));
                    }
                };
        byte[] woven = FILES.transformClass(model, telling);
        return told.isEmpty() ? null : woven;
    }

    private @Nullable LineCalls calls(ClassModel model, MethodModel method, TracedClass type) {
        CodeModel code = method.code().orElse(null);
        if (code == null || method.flags().has(AccessFlag.BRIDGE)) {
            return null;
        }
        // before Java 7 a stack map may be missing where it would be needed
        boolean known = values && model.majorVersion() >= ClassFile.JAVA_7_VERSION;
        String owner = model.thisClass().asInternalName();
        List<Set<LineUses.Use>> uses = known ? LineUses.of(owner, code) : List.of();
        int length = ((CodeAttribute) code).codeLength();
        int lines =
                code.findAttribute(Attributes.lineNumberTable())
                        .map(table -> table.lineNumbers().size())
                        .orElse(1);
        int longest = length + lines * LineCalls.BYTES;
        int all = uses.stream().mapToInt(Set::size).sum();
        if (longest + all * LineCalls.BYTES_OF_VALUE > LONGEST) {
            uses = List.of();
        }
        return longest > LONGEST ? null : new LineCalls(method, code, type, uses, places);
    }
}
