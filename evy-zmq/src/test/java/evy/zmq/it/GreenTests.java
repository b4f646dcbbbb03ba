package evy.zmq.it;

import evy.Evy;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

import java.lang.reflect.Method;

/** Runs each test method on a green thread of the default hub. */
final class GreenTests implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        runGreen(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        runGreen(invocation);
    }

    private static void runGreen(Invocation<Void> invocation) throws Throwable {
        Throwable failure = Evy.run(() -> outcome(invocation));
        if (failure != null) {
            throw failure;
        }
    }

    private static Throwable outcome(Invocation<Void> invocation) {
        try {
            invocation.proceed();
            return null;
        } catch (Throwable t) {
            return t;
        }
    }
}
