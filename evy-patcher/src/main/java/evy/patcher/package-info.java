/**
 * Makes the JDK's own blocking calls green: the agent, what it patches, and the switches.
 *
 * {@snippet :
 * Patcher.monkeyPatch(Group.SOCKET, Group.TIME); // the whole program; needs the agent
 * var client = Patcher.importPatched("com.lib.Client"); // a copy of one library; needs nothing
 * }
 *
 * <p>{@link evy.patcher.Patcher} is the API; {@link evy.patcher.Agent} is what {@code
 * -javaagent:evy.jar} starts.
 *
 * <p>Guide: {@code docs/guide/patching.md}; {@code docs/patched.md} has the calls one by one.
 */
@NullMarked
package evy.patcher;

import org.jspecify.annotations.NullMarked;
