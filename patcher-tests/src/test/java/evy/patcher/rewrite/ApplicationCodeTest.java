package evy.patcher.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sample.traced.Spewed;
import sample.traced.Tricky;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.classfile.ClassHierarchyResolver.ClassHierarchyInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A program some of whose classes cannot be rewritten or read. */
@ExtendWith(LeakCheckExtension.class)
class ApplicationCodeTest {
    private final List<Class<?>> rewritten = new ArrayList<>();
    private ClassFileTransformer transformer;

    @Test
    void rewrite_classThatCannotBeChanged_isToldAndTheOthersAreRewritten() {
        List<String> warned =
                warnings(() -> ApplicationCode.rewrite(pretended(), List.of(), loader -> false));

        assertThat(rewritten).containsExactly(Tricky.class);
        assertThat(warned)
                .containsExactly(
                        Spewed.class.getName()
                                + " stays as it is: java.lang.LinkageError: this class is taboo");
    }

    @Test
    void transform_codeThatIsNone_isToldAndStays() {
        ApplicationCode.rewrite(pretended(List.of()), List.of(), loader -> false);
        List<byte[]> result = new ArrayList<>();

        List<String> warned =
                warnings(
                        () -> {
                            try {
                                result.add(
                                        transformer.transform(
                                                getClass().getClassLoader(),
                                                "com/acme/App",
                                                null,
                                                null,
                                                new byte[] {1, 2, 3, 4}));
                            } catch (java.lang.instrument.IllegalClassFormatException e) {
                                throw new AssertionError(e);
                            }
                        });

        assertThat(result).containsExactly((byte[]) null);
        assertThat(warned).singleElement().asString().startsWith("com/acme/App is not patched: ");
    }

    @Test
    void getClassInfo_interfaceOrClassThatCannotBeRead_isWhatIsKnown() {
        Hierarchy boot = new Hierarchy(null);
        Hierarchy broken =
                new Hierarchy(
                        new ClassLoader(null) {
                            @Override
                            public InputStream getResourceAsStream(String name) {
                                return new ByteArrayInputStream(new byte[] {1, 2, 3, 4});
                            }
                        });

        assertThat(boot.getClassInfo(ClassDesc.of("java.lang.Runnable")))
                .isEqualTo(ClassHierarchyInfo.ofInterface());
        assertThat(boot.getClassInfo(ConstantDescs.CD_Integer))
                .isEqualTo(ClassHierarchyInfo.ofClass(ClassDesc.of("java.lang.Number")));
        assertThat(broken.superclass("com/acme/App"))
                .as("taken for any class")
                .isEqualTo("java/lang/Object");
    }

    private Instrumentation pretended() {
        return pretended(List.of(Spewed.class, Tricky.class));
    }

    private Instrumentation pretended(List<Class<?>> loaded) {
        return (Instrumentation)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Instrumentation.class},
                        (_, method, arguments) -> {
                            switch (method.getName()) {
                                case "addTransformer" ->
                                        transformer = (ClassFileTransformer) arguments[0];
                                case "getAllLoadedClasses" -> {
                                    return loaded.toArray(Class<?>[]::new);
                                }
                                case "isModifiableClass" -> {
                                    return true;
                                }
                                case "retransformClasses" ->
                                        retransform(((Class<?>[]) arguments[0])[0]);
                                default ->
                                        throw new UnsupportedOperationException(method.getName());
                            }
                            return null;
                        });
    }

    private void retransform(Class<?> type) {
        if (type == Spewed.class) {
            throw new LinkageError("this class is taboo");
        }
        rewritten.add(type);
    }

    /** What is warned of meanwhile. */
    private static List<String> warnings(Runnable action) {
        List<String> messages = new ArrayList<>();
        Logger logger = Logger.getLogger("evy.patcher");
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord record) {
                        messages.add(record.getMessage());
                    }

                    @Override
                    public void flush() {
                        // nothing is kept back
                    }

                    @Override
                    public void close() {
                        // nothing is open
                    }
                };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return messages;
    }
}
