package evy.debug;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** {@link Debug} as an MBean. */
final class DebugBean implements DebugMXBean {
    private DebugBean() {}

    static AutoCloseable register() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(Debug.MBEAN_NAME);
            server.registerMBean(new StandardMBean(new DebugBean(), DebugMXBean.class, true), name);
            return () -> server.unregisterMBean(name);
        } catch (JMException e) {
            throw new IllegalStateException(Debug.MBEAN_NAME + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String greenThreads(boolean stacks) {
        return Debug.greenThreads(stacks).text();
    }

    @Override
    public String greenThreadsJson(boolean stacks) {
        return Debug.greenThreads(stacks).json();
    }

    @Override
    public String overviewJson(int rows, String order, String filter) throws InterruptedException {
        OverviewQuery.Order by = OverviewQuery.Order.valueOf(order);
        return Debug.overview(new OverviewQuery(rows, by, filter)).json();
    }

    @Override
    public String getHubListeners() {
        return Debug.formatHubListeners();
    }

    @Override
    public String getHubTimers() {
        return Debug.formatHubTimers();
    }

    @Override
    public String getThreads() {
        return Debug.formatThreadsInfo();
    }

    @Override
    public String getHubBlocks() {
        return Debug.formatHubBlocks();
    }

    @Override
    public String dump() {
        return Debug.dump();
    }

    @Override
    public void hubBlockingDetection(boolean on, long resolutionMillis) {
        if (on) {
            Debug.hubBlockingDetection(true, Duration.ofMillis(resolutionMillis));
        } else {
            Debug.hubBlockingDetection(false);
        }
    }

    @Override
    public void hubListenerStacks(boolean on) {
        Debug.hubListenerStacks(on);
    }

    @Override
    public void hubTimerStacks(boolean on) {
        Debug.hubTimerStacks(on);
    }

    @Override
    public void spawnStacks(boolean on) {
        Debug.spawnStacks(on);
    }

    @Override
    public void hubExceptions(boolean on) {
        Debug.hubExceptions(on);
    }

    @Override
    public void tpoolExceptions(boolean on) {
        Debug.tpoolExceptions(on);
    }
}
