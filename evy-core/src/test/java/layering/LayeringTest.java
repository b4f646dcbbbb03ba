package layering;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Lower layers never import upper ones; each rule is also shown to see its breach. */
class LayeringTest {
    /** From the lowest up; a layer may use those before it. The top is the root package itself. */
    private static final List<String> LAYERS =
            List.of("internal", "hubs", "sync", "tpool", "pools", "io");

    private static final String EVY = "evy";
    private static final String BROKEN = "layering.broken";

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(EVY);
    private static final JavaClasses BROKEN_CLASSES =
            new ClassFileImporter().importPackages(BROKEN);

    @ParameterizedTest
    @MethodSource("rules")
    void rule_onEvy_holds(Function<String, ArchRule> rule) {
        rule.apply(EVY).allowEmptyShould(true).check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_onBrokenSample_fails(Function<String, ArchRule> rule) {
        var result = rule.apply(BROKEN).evaluate(BROKEN_CLASSES);

        assertThat(result.hasViolation()).isTrue();
    }

    static Stream<Named<Function<String, ArchRule>>> rules() {
        return Stream.of(
                Named.of("internal", root -> layer(root, "internal")),
                Named.of("hubs", root -> layer(root, "hubs")),
                Named.of("sync", root -> layer(root, "sync")),
                Named.of("tpool", root -> layer(root, "tpool")),
                Named.of("pools", root -> layer(root, "pools")),
                Named.of("io", root -> layer(root, "io")),
                Named.of("no cycles", LayeringTest::noCycles),
                Named.of("access to private members", LayeringTest::noDeepReflection),
                Named.of("internal types in signatures", LayeringTest::noInternalInApi));
    }

    /** A layer depends on itself and those below it, and on nothing else of this library. */
    private static ArchRule layer(String root, String layer) {
        var allowed = new ArrayList<String>();
        for (var below : LAYERS.subList(0, LAYERS.indexOf(layer) + 1)) {
            allowed.add(root + "." + below + "..");
        }
        return noClasses()
                .that()
                .resideInAPackage(root + "." + layer + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(root + "..")
                                .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))));
    }

    private static ArchRule noCycles(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    /** Only the package that makes the virtual threads reaches into other people's classes. */
    private static ArchRule noDeepReflection(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".internal.vthread..")
                .should()
                .callMethodWhere(
                        target(nameMatching("setAccessible|trySetAccessible"))
                                .and(target(owner(assignableTo(AccessibleObject.class)))))
                .orShould()
                .callMethodWhere(
                        target(nameMatching("privateLookupIn"))
                                .and(target(owner(assignableTo(MethodHandles.class)))));
    }

    private static ArchRule noInternalInApi(String root) {
        return classes()
                .that()
                .resideOutsideOfPackage(root + ".internal..")
                .and()
                .arePublic()
                .should(new KeepOutOfSignatures(resideInAPackage(root + ".internal..")));
    }
}
