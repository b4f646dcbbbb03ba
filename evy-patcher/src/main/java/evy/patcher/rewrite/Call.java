package evy.patcher.rewrite;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * A static method that is called in place of what the code was compiled against.
 *
 * @param owner its class
 * @param name its name
 * @param type its type
 * @param onlyGreen whether on green threads only
 * @param tellsCaller whether its last parameter is the class whose code calls
 */
record Call(
        ClassDesc owner, String name, MethodTypeDesc type, boolean onlyGreen, boolean tellsCaller) {
    static Call of(Method method, boolean onlyGreen, boolean tellsCaller) {
        return new Call(
                describe(method.getDeclaringClass()),
                method.getName(),
                describe(method),
                onlyGreen,
                tellsCaller);
    }

    static ClassDesc describe(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    private static MethodTypeDesc describe(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .describeConstable()
                .orElseThrow();
    }

    /** Writes the call; the arguments are on the stack. */
    void write(CodeBuilder code, ClassDesc caller) {
        if (tellsCaller) {
            code.loadConstant(caller);
        }
        code.invokestatic(owner, name, type);
    }

    /** It as a constant, for a method reference. */
    DirectMethodHandleDesc handle() {
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, owner, name, type);
    }
}
