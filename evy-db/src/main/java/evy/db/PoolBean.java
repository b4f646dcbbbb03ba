package evy.db;

import java.lang.management.ManagementFactory;

import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Shows a pool over JMX. The only class that needs the module {@code java.management}. */
final class PoolBean implements ConnectionPoolMXBean {
    private final ConnectionPool pool;

    private PoolBean(ConnectionPool pool) {
        this.pool = pool;
    }

    /** Registers a pool; closing the result ends that. */
    static AutoCloseable register(ConnectionPool pool) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name =
                    new ObjectName(
                            "evy.db:type=ConnectionPool,name=" + ObjectName.quote(pool.name()));
            server.registerMBean(new PoolBean(pool), name);
            return () -> unregister(server, name);
        } catch (InstanceAlreadyExistsException e) {
            throw new IllegalStateException(
                    pool + ": a pool of this name is shown over JMX already; give it another", e);
        } catch (JMException e) {
            throw new IllegalStateException(pool + ": cannot be shown over JMX", e);
        }
    }

    private static void unregister(MBeanServer server, ObjectName name) throws JMException {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            return; // closed before
        }
    }

    @Override
    public int getTotal() {
        return pool.statistics().total();
    }

    @Override
    public int getIdle() {
        return pool.statistics().idle();
    }

    @Override
    public int getActive() {
        return pool.statistics().active();
    }

    @Override
    public int getConnecting() {
        return pool.statistics().connecting();
    }

    @Override
    public int getClosing() {
        return pool.statistics().closing();
    }

    @Override
    public int getWaiting() {
        return pool.statistics().waiting();
    }

    @Override
    public long getBorrowed() {
        return pool.statistics().borrowed();
    }

    @Override
    public long getCreated() {
        return pool.statistics().created();
    }

    @Override
    public long getClosed() {
        return pool.statistics().closed();
    }

    @Override
    public long getBroken() {
        return pool.statistics().broken();
    }

    @Override
    public long getLeaked() {
        return pool.statistics().leaked();
    }

    @Override
    public long getConnectFailures() {
        return pool.statistics().connectFailures();
    }

    @Override
    public long getTimeouts() {
        return pool.statistics().timeouts();
    }

    @Override
    public int getMaxSize() {
        return pool.maxSize();
    }

    @Override
    public void setMaxSize(int maxSize) {
        pool.resize(maxSize);
    }

    @Override
    public void clear() {
        pool.clear();
    }
}
