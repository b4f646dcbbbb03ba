package evy.patcher.weave;

import evy.patcher.bridge.Bridge;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;

/**
 * Has a hook make the method's call in its own way: on another thread, later, in pieces. The hook
 * gets the method itself, not as subclasses have it, and its arguments.
 *
 * <pre>{@code
 * if (Bridge.takesDetours()) {
 *     Object result = Bridge.hook(<this method>, new Object[] {this, argument, ...});
 *     if (result != Bridge.STAY) {
 *         return (type) result;
 *     }
 * }
 * ...
 * }</pre>
 */
record Detour(Patch patch, Method hook) implements CodeTransform {
    private static final ClassDesc BRIDGE = Bridge.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc HOOK =
            MethodTypeDesc.of(
                    ConstantDescs.CD_Object,
                    ConstantDescs.CD_MethodHandle,
                    ConstantDescs.CD_Object.arrayType());

    /** Whether a hook is meant for a detour. */
    static boolean isFor(Method hook) {
        return hook.getParameterCount() == 2 && hook.getParameterTypes()[0] == MethodHandle.class;
    }

    @Override
    public void atStart(CodeBuilder code) {
        Label stay = code.newLabel();
        code.invokestatic(BRIDGE, "takesDetours", MethodTypeDesc.of(ConstantDescs.CD_boolean));
        code.ifeq(stay);
        code.ldc(self());
        loadArguments(code);
        code.invokestatic(BRIDGE, hook.getName(), HOOK);
        Label declined = code.newLabel();
        code.dup().getstatic(BRIDGE, "STAY", ConstantDescs.CD_Object).if_acmpeq(declined);
        returnResult(code);
        code.labelBinding(declined).pop().labelBinding(stay);
    }

    private DirectMethodHandleDesc self() {
        return MethodHandleDesc.ofMethod(
                patch.isStatic()
                        ? DirectMethodHandleDesc.Kind.STATIC
                        : DirectMethodHandleDesc.Kind.SPECIAL,
                ClassDesc.of(patch.className()),
                patch.method(),
                patch.type());
    }

    private void loadArguments(CodeBuilder code) {
        int first = patch.isStatic() ? 0 : 1;
        int count = patch.type().parameterCount();
        code.loadConstant(first + count).anewarray(ConstantDescs.CD_Object);
        if (first == 1) {
            code.dup().loadConstant(0).aload(code.receiverSlot()).aastore();
        }
        for (int i = 0; i < count; i++) {
            TypeKind kind = TypeKind.from(patch.type().parameterType(i));
            code.dup().loadConstant(first + i).loadLocal(kind, code.parameterSlot(i));
            box(code, patch.type().parameterType(i));
            code.aastore();
        }
    }

    private static void box(CodeBuilder code, ClassDesc type) {
        if (type.isPrimitive()) {
            ClassDesc box = boxOf(type);
            code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, type));
        }
    }

    private void returnResult(CodeBuilder code) {
        ClassDesc type = patch.type().returnType();
        TypeKind kind = TypeKind.from(type);
        if (kind == TypeKind.VOID) {
            code.pop();
        } else if (type.isPrimitive()) {
            ClassDesc box = boxOf(type);
            code.checkcast(box);
            code.invokevirtual(box, type.displayName() + "Value", MethodTypeDesc.of(type));
        } else {
            code.checkcast(type);
        }
        code.return_(kind);
    }

    private static ClassDesc boxOf(ClassDesc primitive) {
        return switch (TypeKind.from(primitive)) {
            case BOOLEAN -> ConstantDescs.CD_Boolean;
            case INT -> ConstantDescs.CD_Integer;
            case LONG -> ConstantDescs.CD_Long;
            default -> throw new IllegalStateException("no detour handles " + primitive);
        };
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        code.with(element);
    }
}
