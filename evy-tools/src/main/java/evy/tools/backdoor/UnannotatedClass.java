package evy.tools.backdoor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.FieldTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.RuntimeInvisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;

import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileObject;

/**
 * A class file without its annotations on types, as the compiler shall see it. JShell 25 writes an
 * inferred type with annotations in a way that it cannot read, so that not even {@code
 * Evy.spawn(...)}, whose result is a {@code GreenThread<@Nullable Void>}, could be evaluated.
 */
final class UnannotatedClass extends ForwardingJavaFileObject<JavaFileObject> {
    private static final ClassTransform WITHOUT =
            ClassTransform.dropping(UnannotatedClass::isAnnotation)
                    .andThen(
                            ClassTransform.transformingMethods(
                                    MethodTransform.dropping(
                                            e -> isAnnotation(e) || e instanceof CodeAttribute)))
                    .andThen(
                            ClassTransform.transformingFields(
                                    FieldTransform.dropping(UnannotatedClass::isAnnotation)));

    UnannotatedClass(JavaFileObject file) {
        super(file);
    }

    /** The file it stands for. */
    JavaFileObject original() {
        return fileObject;
    }

    @Override
    public InputStream openInputStream() throws IOException {
        byte[] bytes;
        try (var in = super.openInputStream()) {
            bytes = in.readAllBytes();
        }
        try {
            var files = ClassFile.of(ClassFile.AttributesProcessingOption.PASS_ALL_ATTRIBUTES);
            var type = files.parse(bytes);
            return new ByteArrayInputStream(
                    isAnnotated(type) ? files.transformClass(type, WITHOUT) : bytes);
        } catch (IllegalArgumentException e) {
            return new ByteArrayInputStream(bytes); // for the compiler to say what is wrong with it
        }
    }

    private static boolean isAnnotated(ClassModel type) {
        for (var entry : type.constantPool()) {
            if (entry instanceof java.lang.classfile.constantpool.Utf8Entry text
                    && (text.equalsString(Attributes.NAME_RUNTIME_VISIBLE_TYPE_ANNOTATIONS)
                            || text.equalsString(
                                    Attributes.NAME_RUNTIME_INVISIBLE_TYPE_ANNOTATIONS))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnnotation(Object element) {
        return element instanceof RuntimeVisibleTypeAnnotationsAttribute
                || element instanceof RuntimeInvisibleTypeAnnotationsAttribute;
    }
}
