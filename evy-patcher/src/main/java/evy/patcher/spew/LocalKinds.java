package evy.patcher.spew;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.Arrays;

/**
 * Which local variables of a method may be read at an instruction, and as what: what the verifier
 * knows of them. A variable that the debug information names need not be among them.
 *
 * <p>Between the frames of the stack map the code runs straight on, so stores say it all.
 */
final class LocalKinds {
    private final @Nullable TypeKind[] kinds;
    private boolean thisReady = true;

    LocalKinds(MethodModel method, CodeModel code, int maxLocals) {
        kinds = new TypeKind[maxLocals + 1];
        int slot = 0;
        if (!method.flags().has(AccessFlag.STATIC)) {
            thisReady = !method.methodName().equalsString("<init>");
            kinds[slot++] = thisReady ? TypeKind.REFERENCE : null;
        }
        for (ClassDesc parameter : method.methodTypeSymbol().parameterList()) {
            TypeKind kind = TypeKind.from(parameter).asLoadable();
            kinds[slot] = kind;
            slot += kind.slotSize();
        }
    }

    /** Whether a variable has a value of a kind here. */
    boolean has(int slot, TypeKind kind) {
        return slot < kinds.length && kinds[slot] == kind.asLoadable();
    }

    /** Code goes on from here with what a frame of the stack map says. */
    void at(StackMapFrameInfo frame) {
        Arrays.fill(kinds, null);
        int slot = 0;
        for (VerificationTypeInfo local : frame.locals()) {
            TypeKind kind = kindOf(local);
            kinds[slot++] = kind;
            if (kind != null && kind.slotSize() == 2) {
                slot++;
            }
        }
        thisReady |= kinds.length > 0 && kinds[0] == TypeKind.REFERENCE;
    }

    private static @Nullable TypeKind kindOf(VerificationTypeInfo type) {
        return switch (type) {
            case ObjectVerificationTypeInfo _ -> TypeKind.REFERENCE;
            case SimpleVerificationTypeInfo.NULL -> TypeKind.REFERENCE;
            case SimpleVerificationTypeInfo.INTEGER -> TypeKind.INT;
            case SimpleVerificationTypeInfo.FLOAT -> TypeKind.FLOAT;
            case SimpleVerificationTypeInfo.LONG -> TypeKind.LONG;
            case SimpleVerificationTypeInfo.DOUBLE -> TypeKind.DOUBLE;
            default -> null; // not set, or an object before its constructor
        };
    }

    /** A variable gets a value. */
    void store(StoreInstruction store) {
        int slot = store.slot();
        TypeKind before = slot == 0 ? null : kinds[slot - 1];
        if (before != null && before.slotSize() == 2) {
            kinds[slot - 1] = null; // its second half is gone
        }
        kinds[slot] = store.typeKind();
        if (store.typeKind().slotSize() == 2) {
            kinds[slot + 1] = null;
        }
    }

    /** The constructor has called another, of the superclass or its own class. */
    void thisIsReady() {
        if (!thisReady) {
            thisReady = true;
            kinds[0] = TypeKind.REFERENCE;
        }
    }
}
