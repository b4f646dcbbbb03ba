package evy.patcher;

import evy.io.GreenFiles;
import evy.patcher.replacements.ContextLoaders;
import evy.patcher.replacements.DatagramSockets;
import evy.patcher.replacements.LockSupports;
import evy.patcher.replacements.PatchedExecutors;
import evy.patcher.replacements.PatchedFileInput;
import evy.patcher.replacements.PatchedFileOutput;
import evy.patcher.replacements.PatchedRandomAccessFile;
import evy.patcher.replacements.PatchedScheduledThreadPool;
import evy.patcher.replacements.PatchedThread;
import evy.patcher.replacements.PatchedThreadPool;
import evy.patcher.replacements.PatchedTimer;
import evy.patcher.replacements.PatchedTimerTask;
import evy.patcher.replacements.PlatformBuilders;
import evy.patcher.replacements.Processes;
import evy.patcher.replacements.RuntimeProcesses;
import evy.patcher.replacements.ServerSocketFactories;
import evy.patcher.replacements.ServerSockets;
import evy.patcher.replacements.Services;
import evy.patcher.replacements.ShutdownHooks;
import evy.patcher.replacements.Sleeps;
import evy.patcher.replacements.SocketFactories;
import evy.patcher.replacements.Sockets;
import evy.patcher.replacements.Streams;
import evy.patcher.replacements.Threads;
import evy.patcher.replacements.TimeUnits;
import evy.patcher.rewrite.Replacement;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/**
 * Which classes of the JDK rewritten code uses others for.
 *
 * <p>Groups that are not here need none: the JDK asks Evy's resolver for names, and its selectors
 * wait green wherever they are used.
 */
final class Catalogue {
    private Catalogue() {}

    /**
     * What makes code green that runs without the agent.
     *
     * @param groups what to make green
     * @return a new list
     */
    static List<Replacement> of(Collection<Group> groups) {
        List<Replacement> all = new ArrayList<>();
        for (Group group : Group.values()) {
            if (groups.contains(group)) {
                all.addAll(of(group));
            }
        }
        return all;
    }

    /**
     * What makes code green that runs without the agent, and what the agent itself needs for {@link
     * Group#THREAD}.
     *
     * @param group what to make green
     * @return the replacements; none if the group needs none
     */
    static List<Replacement> of(Group group) {
        return switch (group) {
            case THREAD ->
                    List.of(
                            new Replacement(Thread.class, PatchedThread.class),
                            new Replacement(Thread.class, Threads.class),
                            new Replacement(
                                    Thread.Builder.OfPlatform.class, PlatformBuilders.class),
                            new Replacement(LockSupport.class, LockSupports.class),
                            new Replacement(Runtime.class, ShutdownHooks.class),
                            new Replacement(Executors.class, PatchedExecutors.class),
                            new Replacement(ThreadPoolExecutor.class, PatchedThreadPool.class),
                            new Replacement(
                                    ScheduledThreadPoolExecutor.class,
                                    PatchedScheduledThreadPool.class),
                            new Replacement(Timer.class, PatchedTimer.class),
                            new Replacement(TimerTask.class, PatchedTimerTask.class));
            case TIME ->
                    List.of(
                            new Replacement(Thread.class, Sleeps.class),
                            new Replacement(TimeUnit.class, TimeUnits.class));
            case SOCKET ->
                    List.of(
                            new Replacement(Socket.class, Sockets.class),
                            new Replacement(ServerSocket.class, ServerSockets.class),
                            new Replacement(DatagramSocket.class, DatagramSockets.class),
                            new Replacement(SocketFactory.class, SocketFactories.class),
                            new Replacement(
                                    ServerSocketFactory.class, ServerSocketFactories.class));
            case OS ->
                    List.of(
                            new Replacement(FileInputStream.class, PatchedFileInput.class),
                            new Replacement(FileOutputStream.class, PatchedFileOutput.class),
                            new Replacement(RandomAccessFile.class, PatchedRandomAccessFile.class),
                            new Replacement(Files.class, GreenFiles.class, true),
                            new Replacement(System.class, Streams.class));
            case PROCESS ->
                    List.of(
                            new Replacement(ProcessBuilder.class, Processes.class),
                            new Replacement(Runtime.class, RuntimeProcesses.class));
            case SELECT, DNS, DB -> List.of();
        };
    }

    /**
     * What makes a library find its own copies of the classes that it names at run time.
     *
     * @return the replacements
     */
    static List<Replacement> lateBinding() {
        return List.of(
                new Replacement(Thread.class, ContextLoaders.class),
                new Replacement(ServiceLoader.class, Services.class));
    }
}
