package evy.patcher.rewrite;

import evy.patcher.replacements.Current;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;

/** Rewrites the instructions of one method. */
/*
 * An object is made by two instructions, NEW and the call of a constructor, with the arguments in
 * between. They belong together like brackets, so a stack of the open ones tells which NEW a
 * constructor's call closes, and that one without a NEW is a call of super(...).
 *
 * Where a factory takes the constructor's place, NEW becomes a null, which needs no care from the
 * verifier, and lies on the stack (mostly twice) until the factory's result takes its place.
 */
final class Instructions implements CodeTransform {
    private static final String CONSTRUCTOR = "<init>";

    private final RuleBook rules;
    private final Hierarchy hierarchy;
    private final ClassModel model;
    private final @Nullable ClassDesc newParent;

    private final ArrayDeque<Making> open = new ArrayDeque<>();
    private @Nullable Making justMade;

    /** An object between NEW and the call of its constructor. */
    private static final class Making {
        final String type;
        boolean doubled;

        Making(String type) {
            this.type = type;
        }
    }

    /**
     * Makes one.
     *
     * @param model the class that has the method
     * @param newParent what the class extends from now on; null if what it did before
     */
    Instructions(
            RuleBook rules, Hierarchy hierarchy, ClassModel model, @Nullable ClassDesc newParent) {
        this.rules = rules;
        this.hierarchy = hierarchy;
        this.model = model;
        this.newParent = newParent;
    }

    /** Whether there is anything to rewrite in a method. */
    boolean concern(MethodModel method) {
        return method.code().stream().flatMap(CodeModel::elementStream).anyMatch(this::concern);
    }

    private boolean concern(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction making ->
                    rules.knowsClass(making.className().asInternalName());
            case InvokeInstruction invoke ->
                    invoke.name().equalsString(CONSTRUCTOR)
                            ? rules.knowsClass(invoke.owner().asInternalName())
                            : replacement(invoke) != null;
            case FieldInstruction access -> replacement(access) != null;
            case InvokeDynamicInstruction invoke ->
                    invoke.bootstrapArgs().stream()
                            .anyMatch(
                                    argument ->
                                            argument instanceof DirectMethodHandleDesc handle
                                                    && replace(handle) != null);
            default -> false;
        };
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        Making made = justMade;
        if (made != null && element instanceof Instruction next) {
            made.doubled = next instanceof StackInstruction && next.opcode() == Opcode.DUP;
            justMade = null;
        }
        switch (element) {
            case NewObjectInstruction making -> make(code, making);
            case InvokeInstruction call -> invoke(code, call);
            case InvokeDynamicInstruction call -> invokeDynamic(code, call);
            case FieldInstruction access -> access(code, access);
            default -> code.with(element);
        }
    }

    private void make(CodeBuilder code, NewObjectInstruction making) {
        String type = making.className().asInternalName();
        if (!rules.knowsClass(type)) {
            code.with(making);
            return;
        }
        justMade = new Making(type);
        open.push(justMade);
        ClassDesc subclass = rules.made(type);
        if (subclass != null) {
            code.new_(subclass);
        } else {
            code.aconst_null();
        }
    }

    private void invoke(CodeBuilder code, InvokeInstruction invoke) {
        String owner = invoke.owner().asInternalName();
        if (invoke.name().equalsString(CONSTRUCTOR)) {
            construct(code, invoke, owner);
            return;
        }
        Call call = replacement(invoke);
        if (call == null) {
            code.with(invoke);
        } else if (call.onlyGreen()) {
            code.invokestatic(
                    Call.describe(Current.class),
                    "isGreen",
                    MethodTypeDesc.of(ConstantDescs.CD_boolean));
            code.ifThenElse(
                    green -> call.write(green, model.thisClass().asSymbol()),
                    other -> other.with(invoke));
        } else {
            call.write(code, model.thisClass().asSymbol());
        }
    }

    private @Nullable Call replacement(InvokeInstruction invoke) {
        return invoke.opcode() == Opcode.INVOKESPECIAL
                ? null // a call of super.method(): the new superclass has it
                : rules.call(
                        invoke.owner().asInternalName(),
                        invoke.name().stringValue(),
                        invoke.type().stringValue(),
                        hierarchy);
    }

    private void construct(CodeBuilder code, InvokeInstruction invoke, String owner) {
        Making last = open.peek();
        if (last == null || !last.type.equals(owner)) {
            ClassDesc parent = newParent;
            if (parent != null && rules.subclass(owner) == parent) {
                code.invokespecial(parent, CONSTRUCTOR, invoke.typeSymbol());
            } else {
                code.with(invoke);
            }
            return;
        }
        open.pop();
        ClassDesc subclass = rules.made(owner);
        if (subclass != null) {
            code.invokespecial(subclass, CONSTRUCTOR, invoke.typeSymbol());
            return;
        }
        Call factory = rules.construction(owner, invoke.type().stringValue());
        if (factory == null) {
            throw new IllegalArgumentException(
                    "no construct" + invoke.type().stringValue() + " for " + owner);
        }
        factory.write(code, model.thisClass().asSymbol());
        if (last.doubled) {
            code.dup_x2().pop();
        }
        code.pop2();
    }

    private void access(CodeBuilder code, FieldInstruction access) {
        Call call = replacement(access);
        if (call == null) {
            code.with(access);
        } else {
            call.write(code, model.thisClass().asSymbol());
        }
    }

    private @Nullable Call replacement(FieldInstruction access) {
        return access.opcode() == Opcode.GETSTATIC
                ? rules.read(access.owner().asInternalName(), access.name().stringValue())
                : null;
    }

    private void invokeDynamic(CodeBuilder code, InvokeDynamicInstruction invoke) {
        var arguments = invoke.bootstrapArgs().toArray(ConstantDesc[]::new);
        boolean changed = false;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof DirectMethodHandleDesc handle) {
                DirectMethodHandleDesc other = replace(handle);
                changed |= other != null;
                arguments[i] = other == null ? handle : other;
            }
        }
        if (changed) {
            code.invokedynamic(
                    DynamicCallSiteDesc.of(
                            invoke.bootstrapMethod(),
                            invoke.name().stringValue(),
                            invoke.typeSymbol(),
                            arguments));
        } else {
            code.with(invoke);
        }
    }

    /** What a method reference refers to from now on; null if to the same as before. */
    private @Nullable DirectMethodHandleDesc replace(DirectMethodHandleDesc handle) {
        String descriptor = handle.owner().descriptorString();
        String owner = descriptor.substring(1, descriptor.length() - 1);
        Call call;
        switch (handle.kind()) {
            case CONSTRUCTOR -> {
                ClassDesc subclass = rules.made(owner);
                if (subclass != null) {
                    MethodTypeDesc type = handle.invocationType();
                    return MethodHandleDesc.ofConstructor(subclass, type.parameterArray());
                }
                call = rules.construction(owner, handle.lookupDescriptor());
            }
            case STATIC, INTERFACE_STATIC, VIRTUAL, INTERFACE_VIRTUAL ->
                    call =
                            rules.call(
                                    owner,
                                    handle.methodName(),
                                    handle.lookupDescriptor(),
                                    hierarchy);
            default -> call = null;
        }
        return call == null || call.tellsCaller() ? null : call.handle();
    }
}
