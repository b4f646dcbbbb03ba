package evy.patcher.spew;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The variables that each line of a method uses, in their order: local variables, and fields of the
 * class's own, static or of {@code this}. Fields of others are left out: to read them could fail,
 * or initialise a class.
 */
final class LineUses {
    /** A variable. */
    sealed interface Use {}

    /** A local variable by its slot. */
    record Local(int slot) implements Use {}

    /** A field of the class that is rewritten. */
    record Field(FieldRefEntry field, boolean isStatic) implements Use {}

    private final String owner;
    private final List<Set<Use>> ofLines = new ArrayList<>();
    private Set<Use> current = new LinkedHashSet<>();
    private boolean thisOnTop;
    private boolean thisReplaced;

    private LineUses(String owner) {
        this.owner = owner;
    }

    /** The uses of each line that begins, in the order of the code. */
    static List<Set<Use>> of(String owner, CodeModel code) {
        LineUses uses = new LineUses(owner);
        code.forEach(uses::add);
        if (uses.thisReplaced) {
            uses.ofLines.forEach(line -> line.removeIf(LineUses::isOfThis));
        }
        return uses.ofLines;
    }

    private static boolean isOfThis(Use use) {
        return use instanceof Field field && !field.isStatic;
    }

    private void add(CodeElement element) {
        boolean wasThis = thisOnTop;
        switch (element) {
            case LineNumber _ -> {
                current = new LinkedHashSet<>();
                ofLines.add(current);
            }
            case LoadInstruction load -> {
                current.add(new Local(load.slot()));
                thisOnTop = load.slot() == 0;
                return;
            }
            case StoreInstruction store -> {
                current.add(new Local(store.slot()));
                thisReplaced |= store.slot() == 0;
            }
            case IncrementInstruction increment -> current.add(new Local(increment.slot()));
            case FieldInstruction access -> addField(access, wasThis);
            default -> {}
        }
        thisOnTop = wasThis && element instanceof StackInstruction s && s.opcode() == Opcode.DUP;
    }

    private void addField(FieldInstruction access, boolean ofThis) {
        boolean isStatic =
                access.opcode() == Opcode.GETSTATIC || access.opcode() == Opcode.PUTSTATIC;
        boolean known = isStatic || (access.opcode() == Opcode.GETFIELD && ofThis);
        if (known
                && access.owner().asInternalName().equals(owner)
                && !access.name().stringValue().contains("$")) { // the compiler's own
            current.add(new Field(access.field(), isStatic));
        }
    }
}
