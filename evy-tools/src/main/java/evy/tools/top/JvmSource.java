package evy.tools.top;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The MBean of {@code evy.debug.Debug} in a process of this user on this machine. If the program
 * has not registered it, an agent does it.
 */
final class JvmSource implements Source {
    private static final String BEAN = "evy:type=Debug";
    private static final String[] SIGNATURE = {
        int.class.getName(), String.class.getName(), String.class.getName()
    };

    private final long pid;
    private @Nullable JMXConnector connector;
    private @Nullable MBeanServerConnection connection;

    JvmSource(long pid) {
        this.pid = pid;
    }

    @Override
    public String read(Question question) throws IOException {
        try {
            var open = connection;
            if (open == null) {
                open = open();
            }
            Object[] arguments = {question.rows(), question.order().name(), question.filter()};
            return (String) open.invoke(new ObjectName(BEAN), "overviewJson", arguments, SIGNATURE);
        } catch (JMException e) {
            close();
            throw new IOException(problem("its Evy gives no overview: " + e.getMessage()), e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private MBeanServerConnection open() throws IOException, JMException {
        if (ProcessHandle.of(pid).isEmpty()) {
            throw new IOException("there is no process " + pid);
        }
        VirtualMachine machine;
        try {
            machine = VirtualMachine.attach(Long.toString(pid));
        } catch (AttachNotSupportedException | IOException e) {
            throw new IOException(
                    problem("cannot attach, is it a JVM of this user? " + e.getMessage()), e);
        }
        try {
            var address = new JMXServiceURL(machine.startLocalManagementAgent());
            var opened = connect(address);
            connector = opened;
            var server = opened.getMBeanServerConnection();
            var bean = new ObjectName(BEAN);
            if (!server.isRegistered(bean)) {
                loadAgent(machine);
            }
            if (!server.isRegistered(bean)) {
                throw new IOException(problem("no Evy runs in it"));
            }
            connection = server;
            return server;
        } finally {
            machine.detach();
        }
    }

    @SuppressWarnings("BanJNDI") // the address is what the JVM that was attached to has given
    private static JMXConnector connect(JMXServiceURL address) throws IOException {
        return JMXConnectorFactory.connect(address);
    }

    private void loadAgent(VirtualMachine machine) throws IOException {
        var jar = Files.createTempFile("evy-top", ".jar");
        try {
            write(jar);
            machine.loadAgent(jar.toString());
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new IOException(
                    problem(
                            "its MBean "
                                    + BEAN
                                    + " is not registered, and no agent can do that ("
                                    + e.getMessage()
                                    + "); call Debug.registerMBean() in the program"),
                    e);
        } finally {
            Files.delete(jar);
        }
    }

    private static void write(Path jar) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Agent-Class", BeanAgent.class.getName());
        var file = BeanAgent.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var in = BeanAgent.class.getResourceAsStream("BeanAgent.class")) {
            if (in == null) {
                throw new IOException("the class " + BeanAgent.class.getName() + " has no file");
            }
            out.putNextEntry(new JarEntry(file));
            in.transferTo(out);
        }
    }

    private String problem(String what) {
        return "process " + pid + ": " + what;
    }

    @Override
    public void close() {
        var open = connector;
        connector = null;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                return; // the other end is gone, which is why
            }
        }
    }
}
