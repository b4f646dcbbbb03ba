package evy.patcher.spew;

import static org.assertj.core.api.Assertions.assertThat;

import evy.patcher.bridge.Bridge;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sample.traced.Tricky;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/** What rewritten code does: the same as before, and tells. */
@ExtendWith(LeakCheckExtension.class)
class LineWeaverTest {
    private final Places places = new Places();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void tellNobody() {
        Bridge.lines = null;
    }

    private void listen() {
        Bridge.lines =
                (number, values) -> {
                    Place place = places.find(number);
                    String text = place.line() + " " + place.method();
                    told.add(values == null ? text : text + " " + inWords(place, values));
                };
    }

    private static List<String> inWords(Place place, @Nullable Object[] values) {
        assertThat(values).hasSameSizeAs(place.names());
        List<String> words = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            words.add(place.names().get(i) + "=" + ValueText.of(values[i]));
        }
        return words;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("DBG1")
    void weave_trickyCode_doesTheSameAsBefore(boolean values) throws Exception {
        List<String> expected = run(Tricky.class, UnaryOperator.identity());
        listen();

        List<String> traced = run(Tricky.class, weaving(values));

        assertThat(traced).isEqualTo(expected);
        assertThat(told).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("DBG1")
    void weave_trickyCode_passesTheVerifier(boolean values) throws Exception {
        LineWeaver weaver = new LineWeaver(values, places);

        for (String suffix : List.of("", "$Base", "$Derived", "$Pair", "$Inner", "$Shape")) {
            byte[] woven = weaver.weave(bytes(Tricky.class.getName() + suffix), null);

            assertThat(ClassFile.of().verify(woven)).as(suffix).isEmpty();
        }
    }

    @Test
    @Spec("DBG1")
    void weave_values_areThoseBeforeTheLine() throws Exception {
        listen();

        run(Tricky.class, weaving(true));

        assertThat(told)
                .anyMatch(line -> line.endsWith(" loops [j=2]"))
                .anyMatch(line -> line.endsWith(" loops [sum=7, j=0, factor=2.5]"))
                .anyMatch(line -> line.endsWith(" wideSlots [x=1, i=1, j=2]"))
                .anyMatch(line -> line.endsWith(" monitors [level=3]"))
                .anyMatch(line -> line.endsWith(" <init> [given=-4]"))
                .noneMatch(line -> line.contains("this="));
    }

    @Test
    @Spec("DBG1")
    void weave_constructor_readsNoFieldBeforeTheSuperclassIsReady() throws Exception {
        listen();

        run(Tricky.class, weaving(true));

        assertThat(told)
                .filteredOn(line -> line.contains(" <init> [doubled=8, positive=true"))
                .hasSize(1);
        assertThat(told).noneMatch(line -> line.endsWith("given=0]"));
    }

    @Test
    @Spec("DBG1")
    void weave_variableUnsetOnOneWay_isLeftOutThere() throws Exception {
        listen();

        run(Tricky.class, weaving(true));

        assertThat(told)
                .anyMatch(line -> line.endsWith(" unset [which=true]"))
                .anyMatch(line -> line.endsWith(" unset [late=1]"))
                .noneMatch(line -> line.contains("scope=null"));
    }

    @Test
    @Spec("DBG1")
    void weave_withoutLineNumbers_tellsOfMethods() throws Exception {
        listen();

        run(Tricky.class, bytes -> weaving(true).apply(stripped(bytes)));

        assertThat(told).contains("0 loops", "0 nested").noneMatch(line -> line.contains("["));
    }

    @Test
    @Spec("DBG1")
    void weave_interfaceWithoutCode_hasNothingToTell() throws Exception {
        assertThat(new LineWeaver(true, places).weave(bytes(Runnable.class.getName()), null))
                .isNull();
    }

    private UnaryOperator<byte[]> weaving(boolean values) {
        LineWeaver weaver = new LineWeaver(values, places);
        return bytes -> {
            byte[] woven = weaver.weave(bytes, null);
            return woven == null ? bytes : woven;
        };
    }

    private static byte[] stripped(byte... bytes) {
        ClassFile files =
                ClassFile.of(
                        ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
                        ClassFile.DebugElementsOption.DROP_DEBUG);
        return files.transformClass(
                files.parse(bytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
    }

    private List<String> run(Class<?> type, UnaryOperator<byte[]> change) throws Exception {
        Class<?> copy = Class.forName(type.getName(), true, new Copies(type.getName(), change));
        assertThat(copy).isNotSameAs(type);
        @SuppressWarnings("unchecked")
        Callable<List<String>> body =
                (Callable<List<String>>) copy.getDeclaredConstructor().newInstance();
        return body.call();
    }

    private static byte[] bytes(String className) {
        String file = className.replace('.', '/') + ".class";
        try (InputStream in = ClassLoader.getSystemResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Defines a class, and those inside it, anew. */
    private static final class Copies extends ClassLoader {
        private final String name;
        private final UnaryOperator<byte[]> change;

        Copies(String name, UnaryOperator<byte[]> change) {
            super(LineWeaverTest.class.getClassLoader());
            this.name = name;
            this.change = change;
            setDefaultAssertionStatus(true);
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            if (!wanted.startsWith(name)) {
                return super.loadClass(wanted, resolve);
            }
            Class<?> loaded = findLoadedClass(wanted);
            if (loaded == null) {
                byte[] bytes = change.apply(bytes(wanted));
                loaded = defineClass(wanted, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }
}
