package evy.testkit.contract;

import evy.Evy;
import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

/** Runs tests that are marked with {@link EachOrigin}. */
public final class OriginExtension implements TestTemplateInvocationContextProvider {
    /** Made by JUnit. */
    public OriginExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        return Stream.of(Origin.values()).map(Invocation::new);
    }

    /** One run of the test. */
    private static final class Invocation
            implements TestTemplateInvocationContext,
                    ParameterResolver,
                    InvocationInterceptor,
                    AfterEachCallback {
        private final Origin origin;
        private final Partners partners;

        Invocation(Origin origin) {
            this.origin = origin;
            this.partners = new Partners(origin);
        }

        @Override
        public String getDisplayName(int number) {
            return origin.name();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Partners.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return partners;
        }

        @Override
        @SuppressWarnings("InterruptedExceptionSwallowed") // is thrown as it is
        public void interceptTestTemplateMethod(
                InvocationInterceptor.Invocation<@Nullable Void> test,
                ReflectiveInvocationContext<Method> method,
                ExtensionContext context)
                throws Throwable {
            Evy.run(
                    () -> {
                        try {
                            test.proceed();
                        } catch (Throwable t) {
                            throw Greenlet.<Exception>thrown(t);
                        }
                    });
        }

        @Override
        public void afterEach(ExtensionContext context) {
            partners.close();
        }
    }
}
