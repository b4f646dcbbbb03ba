package layering;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import java.util.stream.Stream;

/** What users can see of a class, its supertypes and members, does not mention certain types. */
final class KeepOutOfSignatures extends ArchCondition<JavaClass> {
    private final DescribedPredicate<JavaClass> unwanted;

    KeepOutOfSignatures(DescribedPredicate<JavaClass> unwanted) {
        super("not mention in a signature a class that " + unwanted.getDescription());
        this.unwanted = unwanted;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        var supertypes =
                Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        check(type, type.getFullName(), supertypes, events);
        for (var member : type.getMembers()) {
            if (isVisible(member)) {
                check(type, member.getFullName(), types(member), events);
            }
        }
    }

    private static boolean isVisible(JavaMember member) {
        var modifiers = member.getModifiers();
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC)
                        || modifiers.contains(JavaModifier.PROTECTED));
    }

    private static Stream<JavaType> types(JavaMember member) {
        return switch (member) {
            case JavaField field -> Stream.of(field.getType());
            case JavaCodeUnit code ->
                    Stream.concat(
                            Stream.concat(
                                    Stream.of(code.getReturnType()),
                                    code.getParameterTypes().stream()),
                            code.getExceptionTypes().stream());
            default -> Stream.of();
        };
    }

    private void check(
            JavaClass type, String where, Stream<JavaType> types, ConditionEvents events) {
        types.flatMap(mentioned -> mentioned.getAllInvolvedRawTypes().stream())
                .filter(unwanted)
                .distinct()
                .forEach(
                        found ->
                                events.add(
                                        SimpleConditionEvent.violated(
                                                type, where + " mentions " + found.getFullName())));
    }
}
