package evy.tools.backdoor;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Set;

/** Makes a snippet's class ask its {@link Brake} where it could run for ever. */
final class BrakeWeaver {
    private static final ClassDesc BRAKE = ClassDesc.of(Brake.class.getName());
    private static final MethodTypeDesc CHECK =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Class);

    private BrakeWeaver() {}

    /** The class with checks in; {@code loader} knows the other classes that it names. */
    static byte[] weave(byte[] bytes, ClassLoader loader) {
        var hierarchy = ClassHierarchyResolver.ofResourceParsing(loader);
        var files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        var type = files.parse(bytes);
        var self = type.thisClass().asSymbol();
        var checks = CodeTransform.ofStateful(() -> new Checks(self));
        return files.transformClass(type, ClassTransform.transformingMethodBodies(checks));
    }

    /** A check at the start, and one before each jump to what lies behind. */
    private static final class Checks implements CodeTransform {
        private final ClassDesc self;
        private final Set<Label> passed = new HashSet<>();

        Checks(ClassDesc self) {
            this.self = self;
        }

        @Override
        public void atStart(CodeBuilder code) {
            check(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            switch (element) {
                case LabelTarget target -> passed.add(target.label());
                case BranchInstruction branch when passed.contains(branch.target()) -> check(code);
                case TableSwitchInstruction ignored -> check(code);
                case LookupSwitchInstruction ignored -> check(code);
                default -> {}
            }
            code.with(element);
        }

        private void check(CodeBuilder code) {
            code.ldc(self).invokestatic(BRAKE, "check", CHECK);
        }
    }
}
