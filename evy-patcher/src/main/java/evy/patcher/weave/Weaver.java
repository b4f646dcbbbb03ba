package evy.patcher.weave;

import evy.patcher.bridge.Bridge;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Weaves {@link Patch}es into a class: a method's body stays, the question comes before it. */
final class Weaver {
    private static final ClassDesc BRIDGE = Bridge.class.describeConstable().orElseThrow();
    private static final ClassDesc FILE_DESCRIPTOR = ClassDesc.of("java.io.FileDescriptor");
    private static final ClassDesc SECRETS = ClassDesc.of("jdk.internal.access.SharedSecrets");
    private static final ClassDesc DESCRIPTORS =
            ClassDesc.of("jdk.internal.access.JavaIOFileDescriptorAccess");

    private Weaver() {}

    /**
     * Weaves all patches of a class in.
     *
     * @param bytes the class
     * @param patches its patches
     * @param problems gets those that do not fit, and why; the others are woven in
     * @return the class with the patches
     */
    static byte[] weave(
            byte[] bytes,
            Collection<Patch> patches,
            Map<? super Patch, ? super Throwable> problems) {
        ClassFile files = ClassFile.of();
        ClassModel model = files.parse(bytes);
        Map<MethodModel, CodeTransform> questions = new HashMap<>();
        for (Patch patch : patches) {
            try {
                MethodModel method = find(model, patch);
                if (questions.put(method, question(patch)) != null) {
                    throw new IllegalStateException(patch + ": has two patches");
                }
            } catch (ShapeException | RuntimeException e) {
                problems.put(patch, e);
            }
        }
        return questions.isEmpty() ? bytes : files.transformClass(model, asking(questions));
    }

    private static CodeTransform question(Patch patch) {
        Method hook = patch.hookMethod();
        return Detour.isFor(hook) ? new Detour(patch, hook) : new Prologue(patch, hook);
    }

    private static ClassTransform asking(Map<MethodModel, CodeTransform> questions) {
        return (builder, element) -> {
            CodeTransform question =
                    element instanceof MethodModel method ? questions.get(method) : null;
            if (question == null) {
                builder.with(element);
            } else {
                builder.transformMethod(
                        (MethodModel) element, MethodTransform.transformingCode(question));
            }
        };
    }

    private static MethodModel find(ClassModel model, Patch patch) throws ShapeException {
        String type = patch.type().descriptorString();
        for (MethodModel method : model.methods()) {
            if (method.methodName().equalsString(patch.method())
                    && method.methodType().equalsString(type)) {
                requireShape(method, patch);
                return method;
            }
        }
        throw new ShapeException(patch + ": no such method");
    }

    private static void requireShape(MethodModel method, Patch patch) throws ShapeException {
        if (method.flags().has(AccessFlag.STATIC) != patch.isStatic()) {
            throw new ShapeException(
                    patch + (patch.isStatic() ? ": is not static" : ": is static"));
        }
        if (method.code().isEmpty()) {
            throw new ShapeException(patch + ": has no body");
        }
    }

    /** Puts the question before the first instruction. */
    private record Prologue(Patch patch, Method hook) implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            MethodTypeDesc asked = typeOf(hook);
            loadArguments(code, asked);
            code.invokestatic(BRIDGE, hook.getName(), asked);
            TypeKind answer = TypeKind.from(asked.returnType());
            TypeKind result = TypeKind.from(patch.type().returnType());
            switch (answer) {
                case VOID -> {}
                case BOOLEAN -> {
                    require(result == TypeKind.VOID);
                    code.ifThen(CodeBuilder::return_);
                }
                default -> {
                    require(answer == result);
                    returnUnlessDeclined(code, answer);
                }
            }
        }

        private void returnUnlessDeclined(CodeBuilder code, TypeKind answer) {
            Label declined = code.newLabel();
            switch (answer) {
                case REFERENCE -> code.dup().ifnull(declined);
                case INT -> code.dup().loadConstant(Bridge.DECLINED).if_icmpeq(declined);
                case LONG -> code.dup2().loadConstant(Long.MIN_VALUE).lcmp().ifeq(declined);
                default -> require(false);
            }
            if (answer == TypeKind.REFERENCE) {
                code.checkcast(patch.type().returnType());
            }
            code.return_(answer).labelBinding(declined);
            if (answer.slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }

        private void loadArguments(CodeBuilder code, MethodTypeDesc asked) {
            if (asked.parameterCount() == 0) {
                return;
            }
            int count = patch.type().parameterCount();
            int surplus = asked.parameterCount() - count;
            require(surplus == 0 || (surplus == 1 && !patch.isStatic()));
            if (surplus == 1) {
                code.aload(code.receiverSlot());
            }
            for (int i = 0; i < count; i++) {
                ClassDesc given = patch.type().parameterType(i);
                ClassDesc wanted = asked.parameterType(i + surplus);
                boolean asNumber =
                        given.equals(FILE_DESCRIPTOR) && wanted.equals(ConstantDescs.CD_int);
                if (asNumber) {
                    code.invokestatic(
                            SECRETS,
                            "getJavaIOFileDescriptorAccess",
                            MethodTypeDesc.of(DESCRIPTORS));
                }
                code.loadLocal(TypeKind.from(given), code.parameterSlot(i));
                if (asNumber) {
                    code.invokeinterface(
                            DESCRIPTORS,
                            "get",
                            MethodTypeDesc.of(ConstantDescs.CD_int, FILE_DESCRIPTOR));
                }
            }
        }

        private void require(boolean fits) {
            if (!fits) {
                throw new IllegalStateException("hook " + hook + " does not fit " + patch);
            }
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }

        private static MethodTypeDesc typeOf(Method method) {
            return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                    .describeConstable()
                    .orElseThrow();
        }
    }
}
