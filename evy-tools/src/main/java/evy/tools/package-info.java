/** The {@code evy} command. */
package evy.tools;
