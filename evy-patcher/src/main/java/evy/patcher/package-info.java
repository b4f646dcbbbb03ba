/**
 * Makes the JDK's own blocking calls green: the agent, what it patches, and the switches.
 *
 * <p>{@link evy.patcher.Patcher} is the API; {@link evy.patcher.Agent} is what {@code
 * -javaagent:evy.jar} starts.
 */
@NullMarked
package evy.patcher;

import org.jspecify.annotations.NullMarked;
