package evy.patcher.spew;

import java.util.List;

/**
 * A place in traced code that tells when it is run.
 *
 * @param type the class
 * @param method the method's name
 * @param line the line's number; 0 if the class has no line numbers, for the start of a method
 * @param names of the variables whose values it hands over
 */
record Place(TracedClass type, String method, int line, List<String> names) {}
