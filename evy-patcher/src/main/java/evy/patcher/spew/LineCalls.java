package evy.patcher.spew;

import evy.patcher.bridge.Bridge;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts a call of the bridge before the first instruction of each line of one method. */
/*
 * The call stands behind the labels of its place, so that jumps come by it. One kind of label must
 * not move away from its instruction: where the stack map says that an object is made by the NEW at
 * a label. Those get a label of their own, right before the NEW.
 */
final class LineCalls implements CodeTransform {
    /** The most that a call adds to the code, but for its values. */
    static final int BYTES = 12;

    /** The most that a value adds to the code. */
    static final int BYTES_OF_VALUE = 14;

    private static final ClassDesc BRIDGE = Bridge.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc LINE =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
    private static final MethodTypeDesc LINE_WITH_VALUES =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void,
                    ConstantDescs.CD_int,
                    ConstantDescs.CD_Object.arrayType());

    private static final Map<ClassDesc, ClassDesc> BOXES =
            Map.of(
                    ConstantDescs.CD_boolean, ConstantDescs.CD_Boolean,
                    ConstantDescs.CD_byte, ConstantDescs.CD_Byte,
                    ConstantDescs.CD_char, ConstantDescs.CD_Character,
                    ConstantDescs.CD_short, ConstantDescs.CD_Short,
                    ConstantDescs.CD_int, ConstantDescs.CD_Integer,
                    ConstantDescs.CD_long, ConstantDescs.CD_Long,
                    ConstantDescs.CD_float, ConstantDescs.CD_Float,
                    ConstantDescs.CD_double, ConstantDescs.CD_Double);

    private final String method;
    private final TracedClass type;
    private final Places places;
    private final List<Set<LineUses.Use>> uses;
    private final LocalKinds kinds;

    private final Map<Label, StackMapFrameInfo> frames = new HashMap<>();
    private final Set<Label> makings = new HashSet<>();
    private final Map<Label, Label> movedMakings = new HashMap<>();
    private @Nullable Label making;
    private int open; // objects between NEW and the call of their constructor

    private final List<LocalVariable> variables = new ArrayList<>();
    private final Map<Integer, LocalVariable> inScope = new HashMap<>();

    private int line;
    private int lineIndex = -1;
    private boolean due;

    /**
     * Makes one for one use.
     *
     * @param uses the variables of each line; empty if no values are wanted
     */
    LineCalls(
            MethodModel method,
            CodeModel code,
            TracedClass type,
            List<Set<LineUses.Use>> uses,
            Places places) {
        this.method = method.methodName().stringValue();
        this.type = type;
        this.uses = uses;
        this.places = places;
        kinds = new LocalKinds(method, code, ((CodeAttribute) code).maxLocals());
        due = code.findAttribute(Attributes.lineNumberTable()).isEmpty();
        code.findAttribute(Attributes.stackMapTable())
                .ifPresent(map -> map.entries().forEach(this::learn));
    }

    private void learn(StackMapFrameInfo frame) {
        frames.put(frame.target(), frame);
        frame.locals().forEach(this::learn);
        frame.stack().forEach(this::learn);
    }

    private void learn(VerificationTypeInfo known) {
        if (known instanceof UninitializedVerificationTypeInfo made) {
            makings.add(made.newTarget());
        }
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        switch (element) {
            case LocalVariable variable -> variables.add(variable);
            case LabelTarget target -> reach(target.label());
            case LineNumber number -> {
                line = number.line();
                lineIndex++;
                due = true;
            }
            case Instruction instruction -> {
                if (due) {
                    tell(code);
                }
                follow(code, instruction);
            }
            default -> {}
        }
        code.with(element);
    }

    private void reach(Label label) {
        StackMapFrameInfo frame = frames.get(label);
        if (frame != null) {
            kinds.at(frame);
        }
        if (makings.contains(label)) {
            making = label;
        }
        inScope.values().removeIf(variable -> variable.endScope().equals(label));
        for (LocalVariable variable : variables) {
            if (variable.startScope().equals(label)) {
                inScope.put(variable.slot(), variable);
            }
        }
    }

    private void follow(CodeBuilder code, Instruction instruction) {
        switch (instruction) {
            case NewObjectInstruction _ -> {
                open++;
                if (making != null) {
                    Label here = code.newLabel();
                    code.labelBinding(here);
                    movedMakings.put(making, here);
                }
            }
            case InvokeInstruction call when call.name().equalsString("<init>") -> {
                if (open > 0) {
                    open--;
                } else {
                    kinds.thisIsReady();
                }
            }
            case StoreInstruction store -> kinds.store(store);
            default -> {}
        }
        making = null;
    }

    private void tell(CodeBuilder code) {
        due = false;
        List<String> names = new ArrayList<>();
        List<Runnable> loads = new ArrayList<>();
        if (!uses.isEmpty() && lineIndex >= 0) {
            for (LineUses.Use use : uses.get(lineIndex)) {
                switch (use) {
                    case LineUses.Local local -> addLocal(code, local.slot(), names, loads);
                    case LineUses.Field field -> addField(code, field, names, loads);
                }
            }
        }
        code.loadConstant(places.add(new Place(type, method, line, List.copyOf(names))));
        if (names.isEmpty()) {
            code.invokestatic(BRIDGE, "line", LINE);
            return;
        }
        code.loadConstant(names.size()).anewarray(ConstantDescs.CD_Object);
        for (int i = 0; i < names.size(); i++) {
            code.dup().loadConstant(i);
            loads.get(i).run();
            code.aastore();
        }
        code.invokestatic(BRIDGE, "lineWithValues", LINE_WITH_VALUES);
    }

    private void addLocal(CodeBuilder code, int slot, List<String> names, List<Runnable> loads) {
        LocalVariable variable = inScope.get(slot);
        if (variable == null || variable.name().equalsString("this")) {
            return;
        }
        ClassDesc declared = variable.typeSymbol();
        if (kinds.has(slot, TypeKind.from(declared))) {
            names.add(variable.name().stringValue());
            loads.add(() -> box(code.loadLocal(TypeKind.from(declared), slot), declared));
        }
    }

    private void addField(
            CodeBuilder code, LineUses.Field use, List<String> names, List<Runnable> loads) {
        ClassDesc declared = use.field().typeSymbol();
        if (use.isStatic()) {
            names.add(use.field().name().stringValue());
            loads.add(() -> box(code.getstatic(use.field()), declared));
        } else if (kinds.has(0, TypeKind.REFERENCE)) {
            names.add(use.field().name().stringValue());
            loads.add(() -> box(code.aload(0).getfield(use.field()), declared));
        }
    }

    private static void box(CodeBuilder code, ClassDesc declared) {
        if (declared.isPrimitive()) {
            ClassDesc box = BOXES.get(declared);
            code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, declared));
        }
    }

    @Override
    public void atEnd(CodeBuilder code) {
        if (!frames.isEmpty()) {
            code.with(
                    StackMapTableAttribute.of(frames.values().stream().map(this::moved).toList()));
        }
    }

    private StackMapFrameInfo moved(StackMapFrameInfo frame) {
        return movedMakings.isEmpty()
                ? frame
                : StackMapFrameInfo.of(
                        frame.target(),
                        frame.locals().stream().map(this::moved).toList(),
                        frame.stack().stream().map(this::moved).toList());
    }

    private VerificationTypeInfo moved(VerificationTypeInfo known) {
        if (known instanceof UninitializedVerificationTypeInfo made) {
            Label target = movedMakings.getOrDefault(made.newTarget(), made.newTarget());
            return UninitializedVerificationTypeInfo.of(target);
        }
        return known;
    }
}
