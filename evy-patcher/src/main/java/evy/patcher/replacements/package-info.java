/**
 * What rewritten code uses in place of classes of the JDK.
 *
 * <p>A class here either extends what it replaces, or has static methods of the same names, whose
 * first parameter is the object that the method was called on. On a thread that is not green each
 * does exactly what the JDK does. Public because rewritten code must reach it; not for programs.
 */
@NullMarked
package evy.patcher.replacements;

import org.jspecify.annotations.NullMarked;
