package evy.zmq.it;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes in a JVM of its own, one whose flags are not those of the build. */
final class TestRun implements TestExecutionListener {
    private int passed;
    private int skipped;
    private int failed;

    private TestRun() {}

    /**
     * Runs those named, prints what failed and a last line of counts; the status says if all was
     * well.
     */
    public static void main(String... classes) throws Exception {
        TestRun run = new TestRun();
        var request = LauncherDiscoveryRequestBuilder.request();
        for (String name : classes) {
            request.selectors(DiscoverySelectors.selectClass(name));
        }
        LauncherFactory.create().execute(request.build(), run);
        System.out.printf(
                "%d passed, %d skipped, %d failed%n", run.passed, run.skipped, run.failed);
        System.exit(run.failed == 0 && run.passed > 0 ? 0 : 1);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        result.getThrowable()
                .filter(_ -> result.getStatus() == TestExecutionResult.Status.FAILED)
                .ifPresent(
                        failure -> {
                            System.out.println("FAILED " + test.getUniqueId());
                            failure.printStackTrace(System.out);
                        });
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED -> skipped++;
            case FAILED -> failed++;
        }
    }
}
