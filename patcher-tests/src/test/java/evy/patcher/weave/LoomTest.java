package evy.patcher.weave;

import static org.assertj.core.api.Assertions.assertThat;

import evy.patcher.bridge.Bridge;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the loom makes of seams that fit this JDK, and of those that do not. */
@ExtendWith(LeakCheckExtension.class)
class LoomTest {
    private static final String POLL = "(IIJLjava/util/function/BooleanSupplier;)V";

    private final Map<String, byte[]> woven = new HashMap<>();
    private final List<String> installed = new ArrayList<>();
    private ClassFileTransformer transformer;
    private Loom loom;

    @BeforeEach
    void makeLoom() {
        loom = new Loom(pretended());
    }

    /** Instrumentation that transforms the JDK's class files and keeps the results to itself. */
    private Instrumentation pretended() {
        return (Instrumentation)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Instrumentation.class},
                        (self, method, arguments) -> {
                            switch (method.getName()) {
                                case "addTransformer" ->
                                        transformer = (ClassFileTransformer) arguments[0];
                                case "retransformClasses" -> {
                                    for (Class<?> target : (Class<?>[]) arguments[0]) {
                                        retransform(target);
                                    }
                                }
                                default ->
                                        throw new UnsupportedOperationException(method.getName());
                            }
                            return null;
                        });
    }

    private void retransform(Class<?> target) throws Exception {
        if (target == Thread.class) {
            throw new InternalError("this class is taboo");
        }
        String name = target.getName().replace('.', '/');
        byte[] result = transformer.transform(null, name, target, null, bytes(name));
        if (result != null) {
            woven.put(target.getName(), result);
        }
    }

    private static byte[] bytes(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Seam seam(Patch... patches) {
        return new Seam("trial", List.of(patches), () -> installed.add("trial"), "a trial");
    }

    private Throwable problemOf(Seam seam) {
        return loom.apply(List.of(seam)).get(seam);
    }

    @Test
    @Spec("PATCH14")
    void apply_shapeAsExpected_weavesTheQuestionInFrontAndInstallsTheHook() {
        Seam seam = seam(Patch.ofStatic("sun.nio.ch.Poller", "poll", POLL, "poll"));

        assertThat(problemOf(seam)).isNull();

        assertThat(installed).containsExactly("trial");
        byte[] result = woven.get("sun.nio.ch.Poller");
        assertThat(ClassFile.of().verify(result)).isEmpty();
        assertThat(firstCallOf(result, "poll")).isEqualTo(Bridge.class.getName() + ".poll");
    }

    private static String firstCallOf(byte[] bytes, String method) {
        for (var m : ClassFile.of().parse(bytes).methods()) {
            if (m.methodName().equalsString(method)
                    && m.methodTypeSymbol().descriptorString().equals(POLL)) {
                for (CodeElement e : m.code().orElseThrow()) {
                    if (e instanceof InvokeInstruction call) {
                        return call.owner().asInternalName().replace('/', '.')
                                + "."
                                + call.name().stringValue();
                    }
                }
            }
        }
        return "none";
    }

    @Test
    @Spec("PATCH14")
    void apply_noSuchClass_isNotFoundAndInstallsNothing() {
        Seam seam = seam(Patch.ofStatic("sun.nio.ch.Polar", "poll", POLL, "poll"));

        assertThat(problemOf(seam))
                .isInstanceOf(ShapeException.class)
                .hasMessage("sun.nio.ch.Polar: no such class");
        assertThat(installed).isEmpty();
    }

    @Test
    @Spec("PATCH14")
    void apply_methodWithOtherType_isNotFoundAndNamesIt() {
        Seam seam = seam(Patch.ofStatic("sun.nio.ch.Poller", "poll", "(IJ)V", "select"));

        assertThat(problemOf(seam))
                .isInstanceOf(ShapeException.class)
                .hasMessage("sun.nio.ch.Poller.poll(int,long)void: no such method");
        assertThat(woven).isEmpty();
        assertThat(installed).isEmpty();
    }

    @Test
    @Spec("PATCH14")
    void apply_methodNotStatic_isNotFound() {
        Seam seam = seam(Patch.of("sun.nio.ch.Poller", "poll", POLL, "poll"));

        assertThat(problemOf(seam))
                .isInstanceOf(ShapeException.class)
                .hasMessageEndingWith("is static");
        assertThat(installed).isEmpty();
    }

    @Test
    @Spec("PATCH14")
    void apply_nativeMethod_isNotFound() {
        Seam seam =
                seam(
                        Patch.ofStatic(
                                "sun.nio.ch.UnixDispatcher",
                                "close0",
                                "(Ljava/io/FileDescriptor;)V",
                                "closing"));

        assertThat(problemOf(seam)).hasMessageEndingWith("has no body");
    }

    @Test
    @Spec("PATCH14")
    void apply_onePatchOfTwoDoesNotFit_installsNoHook() {
        Patch good = Patch.ofStatic("sun.nio.ch.Poller", "poll", POLL, "poll");
        Patch bad = Patch.ofStatic("sun.nio.ch.Poller", "pall", POLL, "poll");
        Seam broken = seam(good, bad);
        Seam sound = new Seam("sound", List.of(good), () -> installed.add("sound"), "");

        Map<Seam, Throwable> problems = loom.apply(List.of(broken, sound));

        assertThat(problems).containsOnlyKeys(broken);
        assertThat(installed).containsExactly("sound");
        assertThat(woven).containsKey("sun.nio.ch.Poller");
    }

    @Test
    @Spec("PATCH14")
    void apply_sharedPatch_isWovenOnce() {
        Patch shared = Patch.ofStatic("sun.nio.ch.Poller", "poll", POLL, "poll");

        loom.apply(List.of(seam(shared), new Seam("other", List.of(shared), () -> {}, "")));

        long calls =
                ClassFile.of().parse(woven.get("sun.nio.ch.Poller")).methods().stream()
                        .flatMap(m -> m.code().stream())
                        .flatMap(code -> code.elementStream())
                        .filter(
                                e ->
                                        e instanceof InvokeInstruction call
                                                && call.owner()
                                                        .asInternalName()
                                                        .endsWith("/Bridge"))
                        .count();
        assertThat(calls).isEqualTo(1);
    }

    @Test
    @Spec("PATCH14")
    void apply_jvmRefuses_isAFailureWithItsReason() {
        Seam seam = seam(Patch.ofStatic("java.lang.Thread", "onSpinWait", "()V", "neverAsked"));

        assertThat(problemOf(seam)).hasMessageContaining("taboo");
        assertThat(installed).isEmpty();
    }

    @Test
    @Spec("PATCH14")
    void apply_hookThatDoesNotFit_isAFailureThatNamesBoth() {
        Seam seam = seam(Patch.ofStatic("sun.nio.ch.Poller", "stopPoll", "(I)V", "poll"));

        assertThat(problemOf(seam))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Bridge.poll")
                .hasMessageContaining("Poller.stopPoll(int)void");
        assertThat(installed).isEmpty();
    }

    @Test
    @Spec("PATCH14")
    void apply_hookThatCannotBeInstalled_isAFailure() {
        Seam seam =
                new Seam(
                        "trial",
                        List.of(),
                        () -> {
                            throw new IllegalStateException("no hub works here");
                        },
                        "");

        assertThat(problemOf(seam)).hasMessage("no hub works here");
    }

    @Test
    void transform_classOfTheProgram_isLeftAlone() throws Exception {
        loom.apply(List.of(seam(Patch.ofStatic("sun.nio.ch.Poller", "poll", POLL, "poll"))));

        byte[] mine =
                transformer.transform(
                        getClass().getClassLoader(),
                        "sun/nio/ch/Poller",
                        null,
                        null,
                        bytes("sun/nio/ch/Poller"));

        assertThat(mine).isNull();
    }
}
