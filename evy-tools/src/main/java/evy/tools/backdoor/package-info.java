/**
 * A back door into a running program: a JShell session per connection, whose snippets run on the
 * hub that serves.
 */
package evy.tools.backdoor;
