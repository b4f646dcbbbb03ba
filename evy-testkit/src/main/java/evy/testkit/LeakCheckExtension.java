package evy.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Does a {@link LeakCheck} around each test: {@code @ExtendWith(LeakCheckExtension.class)}. */
public final class LeakCheckExtension implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LeakCheckExtension.class);

    /** Made by JUnit. */
    public LeakCheckExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(LeakCheck.class, LeakCheck.begin());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LeakCheck check = context.getStore(NAMESPACE).get(LeakCheck.class, LeakCheck.class);
        if (check != null && context.getExecutionException().isEmpty()) {
            check.check();
        }
    }
}
